import type { Config } from '../../config/schema';
import type { Control, Signal } from '../../utils/control';
import type { ModelSpec } from '../model-spec';
import { controlOf, type Platform } from '../platform';
import type { OnStoreProgress } from './types';

/** What a call of the feature store works with. */
export interface StoreContext {
  readonly platform: Platform;
  readonly config: Config;
  readonly spec: ModelSpec;
  readonly onProgress?: OnStoreProgress;
  readonly signal?: Signal;
}

export function storeControl({
  platform,
  onProgress,
  signal,
}: Pick<StoreContext, 'platform' | 'onProgress' | 'signal'>): Control {
  return controlOf(platform.pause, onProgress, signal);
}
