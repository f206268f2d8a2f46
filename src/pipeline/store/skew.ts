import { WorkbenchError } from '../../utils/errors';
import type { StoreContext } from './context';
import type { ServingFault, SkewCall, SkewView } from './types';

const LATER = 'not built yet';

export function skewOf(_context: StoreContext, _call: SkewCall): Promise<SkewView> {
  return Promise.reject(new WorkbenchError('USAGE', LATER));
}

export function setServingFault(_context: StoreContext, _fault: ServingFault | null): Promise<void> {
  return Promise.reject(new WorkbenchError('USAGE', LATER));
}
