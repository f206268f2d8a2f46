import type { OnDemandFeatureView, OnDemandFunctions } from '../features/types';
import type { ModelDefinition } from './types';

/**
 * A folder's definition with its functions as on-demand views. `text` is that of its on-demand.ts; a function that stands
 * elsewhere is shown as it runs.
 */
export function withOnDemandViews(definition: ModelDefinition, text: string | undefined): ModelDefinition {
  const { onDemand, definitions } = definition;
  if (!onDemand) return definition;
  const views = Object.entries(onDemand).map(([name, { compute, schema, ...rest }]): OnDemandFeatureView => ({
    ...rest,
    name,
    mode: 'typescript',
    code: text ?? compute.toString(),
    schema: schema.map((field) => ({ ...field, expression: `${name}(row).${field.name}` })),
  }));
  return {
    ...definition,
    definitions: { ...definitions, onDemandViews: [...(definitions.onDemandViews ?? []), ...views] },
  };
}

/** The functions of a folder's on-demand views. */
export function functionsIn(definition: ModelDefinition | undefined): OnDemandFunctions {
  const entries = Object.entries(definition?.onDemand ?? {});
  return Object.fromEntries(entries.map(([name, { compute }]) => [name, compute]));
}
