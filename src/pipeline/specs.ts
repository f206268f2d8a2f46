import { WorkbenchError } from '../utils/errors';
import type { Config } from '../config/schema';
import { modelDefinitions } from '../models/catalog';
import { builtInSpec, type ModelSpec } from './model-spec';
import type { Platform } from './platform';
import type { StoredModel } from './tables';

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
  const stored = await platform.records.read(['workspace_models'], (tx) => tx.query<StoredModel>('workspace_models'));
  return [...builtIn, ...stored.sort((a, b) => a.created - b.created).map((model) => model.spec)];
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
