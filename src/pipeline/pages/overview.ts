import type { Config } from '../../config/schema';
import { modelDefinitions } from '../../models/catalog';
import type { Platform } from '../platform';
import { folderOf, type ModelSpec } from '../model-spec';
import { allSpecs } from '../specs';
import type { StageRecord } from '../tables';
import { STAGES, type ModelOverview, type Overview, type Stage, type StageState } from '../views';

const EMPTY: Readonly<Record<Stage, string>> = {
  data: 'Nothing here yet: run this stage to get the raw tables.',
  features: 'Features will be joined here, each as it was known at its moment.',
  training: 'Models will be tried here, and judged on rows they never saw.',
  registry: 'Model versions will be compared here, and one made champion.',
  inference: 'The champion will score here and say why.',
  monitoring: 'Drift will be watched here: inputs, predictions and outcomes.',
};

/** What the page's header and lifecycle map show. */
export async function overview(
  platform: Platform,
  config: Config | null,
  faults: readonly string[],
): Promise<Overview> {
  const specs = config ? await allSpecs(platform, config) : [];
  const records = await platform.records.read(['stage_results'], (tx) => tx.query<StageRecord>('stage_results'));
  return {
    models: specs.map((spec) => modelOverview(spec, config?.seed ?? 0, records)),
    storage: { ...platform.storage, bytes: await platform.storedBytes() },
    configFaults: faults,
  };
}

function modelOverview(spec: ModelSpec, seed: number, records: readonly StageRecord[]): ModelOverview {
  const mine = new Map(
    records.filter((record) => record.model === spec.config.name).map((record) => [record.stage, record]),
  );
  const data = mine.get('data') as StageRecord<'data'> | undefined;
  const definition = spec.file ? undefined : modelDefinitions().get(folderOf(spec));
  return {
    name: spec.config.name,
    title: spec.config.title,
    description: spec.config.description,
    builtIn: spec.file === null && spec.folder === undefined,
    clock: data?.result.hasHistory ? data.result.clock : (definition?.clock ?? null),
    defaultRows: spec.file ? 0 : spec.config.rows,
    defaultSeed: seed,
    maxEvals: spec.config.tuning.max_evals,
    scenarios: definition?.scenarios ?? [],
    stages: Object.fromEntries(STAGES.map((stage) => [stage, mine.get(stage)?.state ?? emptyState(stage)])) as Record<
      Stage,
      StageState
    >,
  };
}

function emptyState(stage: Stage): StageState {
  return { status: 'empty', figure: '–', caption: 'not run', sentence: EMPTY[stage] };
}
