import type { ModelSpec } from '../model-spec';
import type { Platform } from '../platform';
import type { ServingFault } from './types';

/** The lesson's switch of a model, or null when it is off. */
export async function servingFaultOf({
  platform,
  spec,
}: {
  readonly platform: Pick<Platform, 'records'>;
  readonly spec: ModelSpec;
}): Promise<ServingFault | null> {
  const model = spec.config.name;
  const stored = await platform.records.read(['serving_faults'], (tx) =>
    tx.get<ServingFault & { readonly model: string }>('serving_faults', model),
  );
  return stored ? { feature: stored.feature, kind: stored.kind } : null;
}
