import type { Workbench } from '../pipeline/client';
import type { Connection } from './connection';
import { startWorkspace } from '../../workers/start-workspace';

/** Starts the workspace's worker. The page can ask at once; answers come when it has opened. */
export function connect(): Promise<Connection> {
  const remote = startWorkspace();
  Object.defineProperty(window, 'glasshouse', { value: remote.api, configurable: true });
  const channel = new BroadcastChannel('glasshouse-changed');
  return Promise.resolve({
    workbench: remote.api satisfies Workbench,
    onChange: (listener) => {
      channel.addEventListener('message', listener);
      return () => channel.removeEventListener('message', listener);
    },
    onLost: (listener) => {
      let listening = true;
      remote.lost.catch((error: unknown) => {
        if (listening) listener(error instanceof Error ? error.message : String(error));
      });
      return () => (listening = false);
    },
  });
}
