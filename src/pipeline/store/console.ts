import { WorkbenchError } from '../../utils/errors';
import type { StoreContext } from './context';
import type { SqlAnswer, SqlRequest, SqlSchema } from './types';

const LATER = 'not built yet';

export function sqlSchema(_context: StoreContext): Promise<readonly SqlSchema[]> {
  return Promise.reject(new WorkbenchError('USAGE', LATER));
}

export function querySql(_context: StoreContext, _request: SqlRequest): Promise<SqlAnswer> {
  return Promise.reject(new WorkbenchError('USAGE', LATER));
}
