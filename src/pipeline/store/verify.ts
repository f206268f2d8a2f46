import { WorkbenchError } from '../../utils/errors';
import type { Control } from '../../utils/control';
import type { Platform } from '../platform';
import type { StoreCheck } from './types';

const LATER = 'not built yet';

export function verifyStore(_platform: Platform, _control: Control): Promise<StoreCheck> {
  return Promise.reject(new WorkbenchError('USAGE', LATER));
}
