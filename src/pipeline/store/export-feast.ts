import { withPartitions } from '../partition-list';
import { zipFiles } from '../../utils/zip';
import { WorkbenchError } from '../../utils/errors';
import { requireStage } from '../stage-results';
import type { FeatureStoreClient } from './client';
import type { StoreContext } from './context';
import type { TakenFile } from './types';

/** Where Feast looks for Redis unless told. */
const REDIS = 'localhost:6379';

/** The definitions that hold and the data they read, as a zip of what `glasshouse export --feast` writes. */
export async function exportFeast(
  { platform, spec, onProgress, signal }: StoreContext,
  options: NonNullable<Parameters<FeatureStoreClient['exportFeast']>[1]>,
): Promise<TakenFile> {
  const { online = 'sqlite', redis = REDIS, offline = 'dask' } = options;
  const model = spec.config.name;
  if (online === 'redis' && redis.trim() === '') {
    throw new WorkbenchError('USAGE', `The address of Redis is empty; give one, such as ${REDIS}.`);
  }
  const data = await requireStage(platform.records, model, 'data', 'The export to Feast');
  const { definitions } = spec;
  const request = {
    project: model,
    definitions,
    services: [definitions.service],
    online: online === 'redis' ? ({ type: 'redis', connection: redis } as const) : ({ type: 'sqlite' } as const),
    offline,
  };
  const files = await withPartitions(platform, model, (partitions) =>
    platform.services.data.feastFiles(
      { spec, partitions, clock: data.clock, materializeFrom: 0 },
      request,
      onProgress,
      signal,
    ),
  );
  return { fileName: `${model}-feast.zip`, bytes: zipFiles(files) };
}
