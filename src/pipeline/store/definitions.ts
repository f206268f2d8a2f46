import { WorkbenchError } from '../../utils/errors';
import type { StoreContext } from './context';
import type { FeaturePlan, FeatureRegistryView, WantedDefinitions } from './types';

const LATER = 'not built yet';

export function featureRegistry(_context: StoreContext): Promise<FeatureRegistryView> {
  return Promise.reject(new WorkbenchError('USAGE', LATER));
}

export function planFeatures(_context: StoreContext, _wanted: WantedDefinitions): Promise<FeaturePlan> {
  return Promise.reject(new WorkbenchError('USAGE', LATER));
}

export function applyFeatures(
  _context: StoreContext,
  _call: { readonly wanted: WantedDefinitions; readonly baseVersion: number; readonly message: string },
): Promise<FeatureRegistryView> {
  return Promise.reject(new WorkbenchError('USAGE', LATER));
}

export function revertFeatures(_context: StoreContext, _toVersion: number): Promise<FeatureRegistryView> {
  return Promise.reject(new WorkbenchError('USAGE', LATER));
}
