import { WorkbenchError } from '../../utils/errors';
import { getRun, listRuns, readArtifact, trackingTables } from '../../tracking/runs';
import { championOf, getVersion, registryTables } from '../../registry/versions';
import type { Platform } from '../platform';
import { stageResult } from '../stage-results';
import type { TrainingRecord } from '../stages/plan';
import type { TrainingView } from '../views';

/** A run with its curves and metrics; the newest when no id is given. */
export async function trainingView(platform: Platform, model: string, runId?: string): Promise<TrainingView | null> {
  const record = await stageResult(platform.records, model, 'training');
  const id = runId ?? record?.result.run_id;
  if (id === undefined) return null;
  return platform.records.read(Object.keys(trackingTables), async (tx) => {
    const run = await getRun(tx, id);
    const details = await readArtifact(tx, id, 'training.json');
    const modelJson = await readArtifact(tx, id, 'model.json');
    if (!run || typeof details?.content !== 'string' || typeof modelJson?.content !== 'string') {
      throw new WorkbenchError('TRACKING_INVALID', `There is no run ${id} of ${model} with its files.`);
    }
    const { study, history, bestIteration, evaluation, groups, importance, split } = JSON.parse(
      details.content,
    ) as TrainingRecord;
    return {
      run,
      runs: await listRuns(tx, model),
      study,
      history,
      bestIteration,
      evaluation,
      groups,
      importance,
      split,
      modelBytes: modelJson.content.length,
    };
  });
}

/** The XGBoost JSON of a version, of the champion, or of the newest run when nothing is registered. */
export async function modelFile(
  platform: Platform,
  model: string,
  version?: number,
): Promise<{ name: string; content: string }> {
  const record = await stageResult(platform.records, model, 'training');
  return platform.records.read([...Object.keys(trackingTables), ...Object.keys(registryTables)], async (tx) => {
    const chosen = version === undefined ? await championOf(tx, model) : await getVersion(tx, model, version);
    const runId = chosen?.run_id ?? (version === undefined ? record?.result.run_id : undefined);
    const artifact = runId === undefined ? undefined : await readArtifact(tx, runId, 'model.json');
    if (typeof artifact?.content !== 'string') {
      throw new WorkbenchError(
        'REGISTRY_INVALID',
        `${model} has no ${version === undefined ? 'model' : `version ${version}`} to take away. Run the Training stage first.`,
      );
    }
    return { name: `${model}${chosen ? `-v${chosen.version}` : ''}.json`, content: artifact.content };
  });
}
