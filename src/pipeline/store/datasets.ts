import { WorkbenchError } from '../../utils/errors';
import type { StoreContext } from './context';
import type { HistoricalAnswer, HistoricalCall, SavedDataset } from './types';

const LATER = 'not built yet';

export function historicalFeatures(_context: StoreContext, _call: HistoricalCall): Promise<HistoricalAnswer> {
  return Promise.reject(new WorkbenchError('USAGE', LATER));
}

export function saveDataset(_context: StoreContext, _name: string, _call: HistoricalCall): Promise<SavedDataset> {
  return Promise.reject(new WorkbenchError('USAGE', LATER));
}

export function savedDatasets(_context: StoreContext): Promise<readonly SavedDataset[]> {
  return Promise.reject(new WorkbenchError('USAGE', LATER));
}

export function deleteDataset(_context: StoreContext, _name: string): Promise<void> {
  return Promise.reject(new WorkbenchError('USAGE', LATER));
}
