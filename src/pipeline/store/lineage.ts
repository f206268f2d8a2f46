import { WorkbenchError } from '../../utils/errors';
import type { StoreContext } from './context';
import type { LineageGraph } from './types';

const LATER = 'not built yet';

export function lineage(_context: StoreContext): Promise<LineageGraph> {
  return Promise.reject(new WorkbenchError('USAGE', LATER));
}
