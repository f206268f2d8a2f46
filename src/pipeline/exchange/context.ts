import type { Config } from '../../config/schema';
import type { Signal } from '../../utils/control';
import type { OnProgress, Platform } from '../platform';

/** What an export or import knows. */
export interface ExchangeContext {
  readonly platform: Platform;
  readonly config: Config;
  readonly onProgress?: OnProgress;
  readonly signal?: Signal;
}
