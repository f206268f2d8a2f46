import { WorkbenchError } from '../../utils/errors';
import type { StoreContext } from './context';
import type {
  IncrementalCall,
  MaterializeCall,
  Materialized,
  OnlineAnswer,
  OnlineCall,
  OnlineStoreView,
} from './types';

const LATER = 'not built yet';

export function materializeViews(_context: StoreContext, _call: MaterializeCall): Promise<Materialized> {
  return Promise.reject(new WorkbenchError('USAGE', LATER));
}

export function materializeIncremental(_context: StoreContext, _call: IncrementalCall): Promise<Materialized> {
  return Promise.reject(new WorkbenchError('USAGE', LATER));
}

export function readOnline(_context: StoreContext, _call: OnlineCall): Promise<OnlineAnswer> {
  return Promise.reject(new WorkbenchError('USAGE', LATER));
}

export function onlineStore(_context: StoreContext): Promise<OnlineStoreView> {
  return Promise.reject(new WorkbenchError('USAGE', LATER));
}
