import type { FeatureDefinitions, OnDemandFeatureView, OnDemandFunctions } from '../features/types';
import type { ModelDefinition } from './types';

/**
 * A folder's definition with its functions as on-demand views. `text` is that of its on-demand.ts; a function that stands
 * elsewhere is shown as it runs.
 */
export function withOnDemandViews(definition: ModelDefinition, text: string | undefined): ModelDefinition {
  const { onDemand, definitions } = definition;
  if (!onDemand) return definition;
  const views = Object.entries(onDemand).map(([name, view]): OnDemandFeatureView => {
    const { compute: _compute, code: _code, schema, ...rest } = view;
    const fields = schema.map((field) => ({ ...field, expression: `${name}(row).${field.name}` }));
    return { ...rest, name, mode: 'typescript', schema: fields };
  });
  const shown = Object.entries(onDemand).map(
    ([name, view]) => [name, { ...view, code: text ?? view.compute.toString() }] as const,
  );
  return {
    ...definition,
    onDemand: Object.fromEntries(shown),
    definitions: { ...definitions, onDemandViews: [...(definitions.onDemandViews ?? []), ...views] },
  };
}

/** The functions of a folder's on-demand views. */
export function functionsIn(definition: ModelDefinition | undefined): OnDemandFunctions {
  const entries = Object.entries(definition?.onDemand ?? {});
  return Object.fromEntries(entries.map(([name, { compute }]) => [name, compute]));
}

/** Definitions with the texts of their functions, for people to read. */
export function withCode(definitions: FeatureDefinitions, model: ModelDefinition | undefined): FeatureDefinitions {
  const { onDemandViews } = definitions;
  if (!onDemandViews || !model?.onDemand) return definitions;
  const codes = new Map(Object.entries(model.onDemand).map(([name, { code }]) => [name, code]));
  return {
    ...definitions,
    onDemandViews: onDemandViews.map((view) => {
      const code = view.mode === 'typescript' ? codes.get(view.name) : undefined;
      return code === undefined ? view : { ...view, code };
    }),
  };
}
