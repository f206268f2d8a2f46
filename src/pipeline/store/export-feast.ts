import { WorkbenchError } from '../../utils/errors';
import type { StoreContext } from './context';
import type { FeatureStoreClient } from './client';
import type { TakenFile } from './types';

const LATER = 'not built yet';

export function exportFeast(
  _context: StoreContext,
  _options: NonNullable<Parameters<FeatureStoreClient['exportFeast']>[1]>,
): Promise<TakenFile> {
  return Promise.reject(new WorkbenchError('USAGE', LATER));
}
