import { WorkbenchError } from '../../utils/errors';
import type { StoreContext } from './context';
import type { AppendResult, CompactResult, TableFormat, TakenFile } from './types';

const LATER = 'not built yet';

export function appendFile(_context: StoreContext, _table: string, _file: TakenFile): Promise<AppendResult> {
  return Promise.reject(new WorkbenchError('USAGE', LATER));
}

export function exportTable(_context: StoreContext, _name: string, _format: TableFormat): Promise<TakenFile> {
  return Promise.reject(new WorkbenchError('USAGE', LATER));
}

export function compact(_context: StoreContext): Promise<CompactResult> {
  return Promise.reject(new WorkbenchError('USAGE', LATER));
}
