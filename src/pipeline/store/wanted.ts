import { withPartitions } from '../partition-list';
import { pathText } from '../../config/faults';
import { loadFeatureRepo, type FeatureRepo, type LoadedFeatureRepo } from '../../config/feature-repo';
import { definitionChanges } from '../../features/definition-changes';
import type { DefinitionFault } from '../../features/definition-faults';
import { inFile, readRepoDefinitions } from '../../features/repo';
import { featureRepoText } from '../../features/repo-text';
import type { FeatureDefinitions } from '../../features/types';
import { WorkbenchError } from '../../utils/errors';
import { stageResult } from '../stage-results';
import type { StoreContext } from './context';
import { modelFaults } from './model-faults';
import type { WantedDefinitions, WantedFault } from './types';

/** Wanted definitions that are right, in both forms. */
export interface CheckedDefinitions {
  readonly definitions: FeatureDefinitions;
  readonly yaml: string;
  /** False where there are no tables to run expressions on yet. */
  readonly tried: boolean;
}

/** Checks form, references, types, and whether expressions run. Throws FEATURES_INVALID with every fault of a kind. */
export async function checkWanted(context: StoreContext, wanted: WantedDefinitions): Promise<CheckedDefinitions> {
  const text = textOf(context, wanted);
  const loaded = loadFeatureRepo(text, 'table');
  if ('faults' in loaded) throw refused(loaded.faults);
  const { definitions, services, faults, project } = readRepoDefinitions(loaded.repo);
  const first = [...serviceCount(loaded.repo), ...projectFaults(context, project), ...faults];
  refuse(loaded, first);
  refuse(
    loaded,
    modelFaults(context.spec, definitions).map((fault) => inFile(loaded.repo, fault)),
  );
  const tried = await tryOnTables(context, definitions);
  refuse(
    loaded,
    (tried ?? []).map((fault) => inFile(loaded.repo, fault)),
  );
  const [service = definitions.service] = services;
  return { definitions: { ...definitions, service }, yaml: text, tried: tried !== null };
}

/** Objects go through the same door as texts. */
function textOf({ spec }: StoreContext, wanted: WantedDefinitions): string {
  if ('yaml' in wanted) return wanted.yaml;
  const { definitions } = wanted;
  const lists: readonly unknown[] = [definitions.entities, definitions.sources, definitions.views];
  if (!lists.every(Array.isArray) || typeof definitions.service !== 'object') {
    throw new WorkbenchError('USAGE', 'Definitions need the lists entities, sources and views, and a service.');
  }
  return featureRepoText(spec.config.name, definitions);
}

function serviceCount({ feature_services: services }: FeatureRepo): readonly DefinitionFault[] {
  if (services.length === 1) return [];
  const message = `There are ${services.length} feature services; expected one, whose features the model is trained on.`;
  return [{ path: services.length > 1 ? ['feature_services', 1] : ['feature_services'], message }];
}

function projectFaults({ spec }: StoreContext, project: string): readonly DefinitionFault[] {
  const { name } = spec.config;
  if (project === name) return [];
  return [{ path: ['project'], message: `The project is "${project}"; these are the definitions of ${name}.` }];
}

/** Runs what differs from the definitions that hold; null where there is no data yet. */
async function tryOnTables(
  { platform, spec }: StoreContext,
  definitions: FeatureDefinitions,
): Promise<readonly DefinitionFault[] | null> {
  const model = spec.config.name;
  const data = await stageResult(platform.records, model, 'data');
  if (!data) return null;
  const changes = definitionChanges(spec.definitions, definitions).filter(({ action }) => action !== 'deleted');
  const changed = new Set(changes.map(({ kind, name }) => `${kind} ${name}`));
  const views = definitions.views.filter(
    (view) =>
      changed.has(`feature_view ${view.name}`) ||
      changed.has(`source ${view.source}`) ||
      view.entities.some((entity) => changed.has(`entity ${entity}`)),
  );
  const names = views.map((view) => view.name);
  const onDemand = (definitions.onDemandViews ?? []).filter(
    (view) =>
      changed.has(`on_demand_feature_view ${view.name}`) ||
      view.sources.some((source) => names.includes(source) || changed.has(`request_source ${source}`)),
  );
  const tried = [...names, ...onDemand.map((view) => view.name)];
  if (tried.length === 0) return [];
  const wanted = { spec: { ...spec, definitions }, clock: data.result.clock, materializeFrom: 0 };
  return withPartitions(platform, model, (partitions) =>
    platform.services.data.tryDefinitions({ ...wanted, partitions }, tried),
  );
}

function refuse(loaded: LoadedFeatureRepo, faults: readonly DefinitionFault[]): void {
  if (faults.length === 0) return;
  const placed = faults.map(({ path, message }): WantedFault => {
    const [at] = loaded.place([{ path, at: 'value', expected: '', suggestion: null, message }]);
    return { line: at?.line ?? 1, column: at?.column ?? 1, path: pathText(path), message };
  });
  throw refused(placed.sort((a, b) => a.line - b.line || a.column - b.column));
}

function refused(faults: readonly WantedFault[]): WorkbenchError {
  const plain = faults.map(({ line, column, path, message }) => ({ line, column, path, message }));
  return new WorkbenchError('FEATURES_INVALID', plain.map(({ message }) => message).join('\n'), { faults: plain });
}
