import type { Config } from '../config/schema';
import { WorkbenchError } from '../utils/errors';
import { withOnDemandViews } from './on-demand';
import type { ModelDefinition } from './types';

interface ModelModule {
  readonly definition?: ModelDefinition;
}

let catalog: ReadonlyMap<string, ModelDefinition> | null = null;

/** The model folders under src/models by name. Throws CONFIG_INVALID when a folder breaks the contract of types.ts. */
export function modelDefinitions(): ReadonlyMap<string, ModelDefinition> {
  catalog ??= catalogOf(
    import.meta.glob('./*/index.ts', { eager: true }),
    import.meta.glob('./*/on-demand.ts', { query: '?raw', import: 'default', eager: true }),
  );
  return catalog;
}

/**
 * Definitions from modules by path ("./heart_disease/index.ts"), in the order of their names, with the on-demand views of
 * their functions; `texts` are those of the files they stand in ("./heart_disease/on-demand.ts").
 */
export function catalogOf(
  modules: Readonly<Record<string, unknown>>,
  texts: Readonly<Record<string, unknown>> = {},
): ReadonlyMap<string, ModelDefinition> {
  const found = new Map<string, ModelDefinition>();
  for (const path of Object.keys(modules).sort()) {
    const folder = path.split('/').at(-2) ?? '';
    const { definition } = modules[path] as ModelModule;
    if (!definition) {
      throw refuse(`src/models/${folder}/index.ts exports no "definition". Export a ModelDefinition under that name.`);
    }
    if (definition.name !== folder) {
      throw refuse(
        `The folder src/models/${folder} holds a model called "${definition.name}". Give folder and model the same name.`,
      );
    }
    const text = texts[`./${folder}/on-demand.ts`];
    found.set(folder, withOnDemandViews(definition, typeof text === 'string' ? text : undefined));
  }
  return found;
}

/**
 * Checks that each model of config.yaml has a folder, and that the features, entity and sensitive columns it names are
 * there. Throws CONFIG_INVALID with all that does not fit.
 */
export function checkConfigModels(
  config: Config,
  definitions: ReadonlyMap<string, ModelDefinition> = modelDefinitions(),
): void {
  const faults = config.models.flatMap((model) => {
    const definition = definitions.get(model.name);
    if (!definition) {
      return [
        `model ${model.name} has no folder src/models/${model.name}; there are ${[...definitions.keys()].join(', ')}.`,
      ];
    }
    const { views, onDemandViews = [], entities } = definition.definitions;
    const all = [...views, ...onDemandViews];
    const known = new Set(all.flatMap((view) => view.schema.map((field) => `${view.name}:${field.name}`)));
    const missing = model.features.filter((feature) => !known.has(feature));
    const sensitive = model.sensitive.filter((name) => !Object.hasOwn(definition.sensitive, name));
    const entity = entities.some((candidate) => candidate.join_keys.includes(model.entity));
    return [
      ...missing.map(
        (feature) => `model ${model.name} names the feature "${feature}", which its folder does not define.`,
      ),
      ...sensitive.map(
        (name) =>
          `model ${model.name} names the sensitive column "${name}"; its folder knows ${Object.keys(definition.sensitive).join(', ')}.`,
      ),
      ...(entity
        ? []
        : [
            `model ${model.name} has the entity "${model.entity}"; its folder joins on ${entities.flatMap((candidate) => candidate.join_keys).join(', ')}.`,
          ]),
    ];
  });
  if (faults.length > 0) throw refuse(faults.map((fault) => `config.yaml: ${fault}`).join('\n'));
}

function refuse(message: string): WorkbenchError {
  return new WorkbenchError('CONFIG_INVALID', message);
}
