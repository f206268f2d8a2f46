import { WorkbenchError } from '../utils/errors';
import type { Config } from '../config/schema';
import { modelDefinitions } from '../models/catalog';
import type { RecordsTx } from '../utils/records';
import { builtInSpec, type DeclaredModel, type ModelSpec } from './model-spec';
import type { Platform } from './platform';
import type { DefinitionsRecord, StoredModel } from './tables';

/** All models: those of config.yaml, then those made from files, oldest first. */
export async function allSpecs(platform: Pick<Platform, 'records'>, config: Config): Promise<ModelSpec[]> {
  const definitions = modelDefinitions();
  const builtIn = config.models.map((entry) => {
    const definition = definitions.get(entry.name);
    if (!definition) {
      throw new WorkbenchError(
        'CONFIG_INVALID',
        `config.yaml: model ${entry.name} has no folder src/models/${entry.name}; there are ${[...definitions.keys()].join(', ')}.`,
      );
    }
    return builtInSpec(entry, definition);
  });
  return platform.records.read(['workspace_models', 'feature_definitions'], async (tx) => {
    const stored = await tx.query<StoredModel>('workspace_models');
    const fromFiles = stored.sort((a, b) => a.created - b.created).map((model) => model.spec);
    const specs: ModelSpec[] = [];
    for (const declared of [...builtIn, ...fromFiles]) {
      specs.push(withApplied(declared, await newestDefinitions(tx, declared.config.name)));
    }
    return specs;
  });
}

/** The definitions applied last to a model; undefined when those declared hold. */
export async function newestDefinitions(tx: RecordsTx, model: string): Promise<DefinitionsRecord | undefined> {
  const range = { from: [model, 0], to: [model, Number.MAX_VALUE], reverse: true, limit: 1 };
  const [newest] = await tx.query<DefinitionsRecord>('feature_definitions', range);
  return newest;
}

function withApplied(model: DeclaredModel, applied: DefinitionsRecord | undefined): ModelSpec {
  const declared = { definitions: model.definitions, features: model.config.features };
  if (!applied) return { ...model, definitionsVersion: 0, computedSince: 0, declared };
  return {
    ...model,
    config: { ...model.config, features: [...applied.features] },
    definitions: applied.definitions,
    definitionsVersion: applied.version,
    computedSince: applied.computed_since,
    declared,
  };
}

export async function findSpec(platform: Pick<Platform, 'records'>, config: Config, model: string): Promise<ModelSpec> {
  const specs = await allSpecs(platform, config);
  const found = specs.find((spec) => spec.config.name === model);
  if (!found) {
    throw new WorkbenchError(
      'USAGE',
      `There is no model "${model}"; there are ${specs.map((spec) => spec.config.name).join(', ')}.`,
    );
  }
  return found;
}
