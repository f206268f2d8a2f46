import { WorkbenchError } from '../../utils/errors';
import type { StoreContext } from './context';
import type { QualityView } from './types';

const LATER = 'not built yet';

export function quality(_context: StoreContext): Promise<QualityView> {
  return Promise.reject(new WorkbenchError('USAGE', LATER));
}
