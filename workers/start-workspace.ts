import type { Workbench } from '../src/pipeline/client';
import { remoteWorker, type RemoteWorker } from './rpc/remote';
import { installWire } from './rpc/wire';

/** The page's side of the workspace worker. */
export function startWorkspace(): RemoteWorker<Workbench> {
  installWire();
  return remoteWorker<Workbench>(
    'workspace',
    (name) => new Worker(new URL('./workspace.worker.ts', import.meta.url), { type: 'module', name }),
  );
}
