import type { ModelVersion } from '../../registry/types';
import { deleteRun, requireRun, runBytes } from '../../tracking/lifecycle';
import type { Run } from '../../tracking/types';
import { WorkbenchError } from '../../utils/errors';
import type { RecordsTx } from '../../utils/records';
import type { Platform } from '../platform';
import type { StageRecord } from '../tables';
import type { RunDeletion } from './types';

const READ = ['runs', 'artifacts', 'metric_histories', 'model_versions', 'stage_results'];

/** What deleting runs for good would free, and which of them are needed. */
export function planRunDeletion(platform: Platform, runIds: readonly string[]): Promise<RunDeletion> {
  return platform.records.read(READ, async (tx) => {
    const deletable: string[] = [];
    const needed: RunDeletion['needed'][number][] = [];
    let bytes = 0;
    for (const id of new Set(runIds)) {
      const run = await requireRun(tx, id);
      const reason = await whyNeeded(tx, run);
      if (reason !== null) {
        needed.push({ run_id: id, run_name: run.run_name, reason });
        continue;
      }
      deletable.push(id);
      bytes += await runBytes(tx, run);
    }
    return { deletable, bytes, needed };
  });
}

/** Deletes runs in the trash with their metrics and artifacts; none where one is needed. Returns the bytes freed. */
export function deleteRuns(platform: Platform, runIds: readonly string[]): Promise<number> {
  return platform.records.write([...READ, 'experiments'], async (tx) => {
    let bytes = 0;
    for (const id of new Set(runIds)) {
      const run = await requireRun(tx, id);
      const reason = await whyNeeded(tx, run);
      if (reason !== null) {
        throw new WorkbenchError('TRACKING_INVALID', `Nothing was deleted: the run ${run.run_name} ${reason}.`, {
          run_id: id,
        });
      }
      bytes += await deleteRun(tx, id, platform.now());
    }
    return bytes;
  });
}

/** Continues a sentence that starts with the run; null when nothing needs it. */
async function whyNeeded(tx: RecordsTx, run: Run): Promise<string | null> {
  if (run.lifecycle_stage === 'active') return 'is not in the trash; move it there first';
  const versions = await tx.query<ModelVersion>('model_versions');
  const version = versions.find((one) => one.run_id === run.run_id);
  if (version) {
    return `is version ${version.version} of ${version.name} in the registry, which could not be served without it; delete the version first`;
  }
  const training = await tx.get<StageRecord<'training'>>('stage_results', [run.experiment_id, 'training']);
  if (training?.result.run_id === run.run_id) {
    return 'is the result that the Training stage shows and the registry takes next; train again first';
  }
  return null;
}
