import configText from '../config.yaml?raw';
import { describeFault } from '../src/config/faults';
import { loadConfig } from '../src/config/load';
import { Workspace } from '../src/pipeline/workspace';
import { browserPlatform } from './browser-platform';
import { exposeService } from './rpc/expose';
import { installWire } from './rpc/wire';

type Call = (...args: unknown[]) => unknown;

installWire();
const opened = open();

async function open(): Promise<Workspace> {
  const loaded = loadConfig(configText);
  const workspace =
    'config' in loaded
      ? new Workspace(await browserPlatform(), loaded.config)
      : new Workspace(
          await browserPlatform(),
          null,
          loaded.faults.map((fault) => describeFault(fault)),
        );
  await workspace.tidy().catch(() => undefined);
  return workspace;
}

/** The workspace opens while the page already asks; each call waits for it. */
const door = new Proxy(
  {},
  {
    get:
      (_target, method) =>
      async (...args: unknown[]) => {
        const workspace = await opened;
        return (workspace as unknown as Record<string, Call>)[String(method)]?.apply(workspace, args);
      },
  },
);

exposeService(door);
