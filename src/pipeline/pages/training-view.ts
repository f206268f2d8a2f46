import { WorkbenchError } from '../../utils/errors';
import { getRun, listRuns, readArtifact, trackingTables } from '../../tracking/runs';
import { championOf, getVersion, registryTables } from '../../registry/versions';
import type { Platform } from '../platform';
import { stageResult } from '../stage-results';
import type { TrainingRecord } from '../stages/plan';
import type { ModelKind } from '../../training/model';
import { parameterImportance } from '../../tuning/importance';
import { searchAxes } from '../../tuning/search-axes';
import { studyUnderWay, tuningTables } from '../../tuning/study-records';
import type { Run } from '../../tracking/types';
import type { RecordsTx } from '../../utils/records';
import type { Rival, SearchUnderWay, TrainingView } from '../views';

/** A run with its curves and metrics; the newest training's winner when no id is given. */
export async function trainingView(platform: Platform, model: string, runId?: string): Promise<TrainingView | null> {
  const record = await stageResult(platform.records, model, 'training');
  const id = runId ?? record?.result.run_id;
  if (id === undefined) return null;
  return platform.records.read(Object.keys(trackingTables), async (tx) => {
    const run = await getRun(tx, id);
    const details = await readRecord(tx, id);
    const modelJson = await readArtifact(tx, id, 'model.json');
    if (!run || !details || typeof modelJson?.content !== 'string') {
      throw new WorkbenchError('TRACKING_INVALID', `There is no run ${id} of ${model} with its files.`);
    }
    const { kind, study, history, bestIteration, evaluation, groups, importance, split } = details;
    const runs = await listRuns(tx, model);
    return {
      run,
      runs,
      kind,
      rivals: await rivalsOf(tx, run, runs),
      study,
      history,
      bestIteration,
      evaluation,
      groups,
      importance,
      split,
      modelBytes: modelJson.content.length,
      search: { axes: searchAxes(study), importance: parameterImportance(study) },
    };
  });
}

/** The search that waits to go on; null when there is none. */
export async function searchUnderWay(platform: Platform, model: string): Promise<SearchUnderWay | null> {
  const found = await platform.records.read(Object.keys(tuningTables), (tx) => studyUnderWay(tx, model));
  return found && found.ended > 0 ? { ended: found.ended, maxEvals: found.study.max_evals } : null;
}

async function readRecord(tx: RecordsTx, runId: string): Promise<TrainingRecord | null> {
  const artifact = await readArtifact(tx, runId, 'training.json');
  if (typeof artifact?.content !== 'string') return null;
  const record = JSON.parse(artifact.content) as Partial<TrainingRecord> & Omit<TrainingRecord, 'kind' | 'validation'>;
  // Runs from before there were other kinds do not name theirs.
  return { ...record, kind: record.kind ?? 'xgboost', validation: record.validation ?? null };
}

const KINDS: readonly ModelKind[] = ['xgboost', 'logistic', 'mlp'];

/** The runs of one training: they name the same winner. */
async function rivalsOf(tx: RecordsTx, run: Run, runs: readonly Run[]): Promise<readonly Rival[]> {
  const winner = run.tags['glasshouse.chosen_run'] ?? run.run_id;
  const rivals: Rival[] = [];
  for (const { run_id, tags } of runs) {
    if (run_id !== winner && tags['glasshouse.chosen_run'] !== winner) continue;
    const record = await readRecord(tx, run_id);
    if (!record) continue;
    const { kind, validation, evaluation } = record;
    rivals.push({ run_id, kind, chosen: run_id === winner, validation, metrics: evaluation.metrics });
  }
  return rivals.sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind));
}

/** model.json of a version, of the champion, or of the newest run when nothing is registered. */
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
