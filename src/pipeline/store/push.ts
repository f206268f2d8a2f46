import { WorkbenchError } from '../../utils/errors';
import type { StoreContext } from './context';
import type { PushCall, PushResult } from './types';

const LATER = 'not built yet';

export function push(_context: StoreContext, _call: PushCall): Promise<PushResult> {
  return Promise.reject(new WorkbenchError('USAGE', LATER));
}

export function writeToOnlineStore(_context: StoreContext, _view: string, _rows: PushCall['rows']): Promise<number> {
  return Promise.reject(new WorkbenchError('USAGE', LATER));
}
