import { WorkbenchError } from '../utils/errors';
import { expectationFaults } from './expectation-faults';
import { splitOnDemand } from './on-demand';
import { projectionsOf, resolveView } from './resolve';
import type { FeatureDefinitions, FeatureService, Field } from './types';

/** One thing wrong with definitions, held against each other. */
export interface DefinitionFault {
  /** Where: ["views", 2, "schema", 0]; "services" where there are several. */
  readonly path: readonly (string | number)[];
  /** A whole sentence. */
  readonly message: string;
}

/** Every fault of definitions: names that stand twice or nowhere, types that do not fit. */
export function definitionFaults(
  definitions: FeatureDefinitions,
  services: readonly FeatureService[] = [definitions.service],
): readonly DefinitionFault[] {
  const names = nameFaults(definitions, services);
  const views = [...viewFaults(definitions), ...expectationFaults(definitions)];
  const lost = onDemandFaults(definitions);
  if (lost.length > 0) return [...names, ...views, ...lost];
  // A view's own fault is not told again for each service that takes it.
  const served = serviceFaults(definitions, services);
  return [...names, ...views, ...served.filter(({ message }) => !views.some((view) => message.endsWith(view.message)))];
}

type Named = readonly { readonly name: string }[];

/** Names that stand twice, case ignored as Feast does. */
function nameFaults(definitions: FeatureDefinitions, services: readonly FeatureService[]): readonly DefinitionFault[] {
  const { entities, sources, requests = [], views, onDemandViews = [] } = definitions;
  const kinds: readonly (readonly [string, readonly (readonly [string, Named])[]])[] = [
    ['entities', [['entities', entities]]],
    [
      'sources',
      [
        ['sources', sources],
        ['requests', requests],
      ],
    ],
    [
      'feature views',
      [
        ['views', views],
        ['onDemandViews', onDemandViews],
      ],
    ],
    ['feature services', [['services', services]]],
  ];
  return kinds.flatMap(([kind, lists]) => {
    const all = lists.flatMap(([list, items]) => items.map(({ name }, at) => ({ name, path: [list, at] })));
    return repeated(all).map(({ name, path }) => ({
      path,
      message: `Two ${kind} are called "${name}". Rename one of them.`,
    }));
  });
}

/** Those whose name, case ignored, stood there before. */
function repeated<T extends { readonly name: string }>(items: readonly T[]): readonly T[] {
  const lower = items.map(({ name }) => name.toLowerCase());
  return items.filter((_, at) => lower.indexOf(lower[at] ?? '') !== at);
}

function viewFaults(definitions: FeatureDefinitions): readonly DefinitionFault[] {
  return definitions.views.flatMap((view, at): readonly DefinitionFault[] => {
    const known = sentenceOf(() => resolveView(definitions, view.name));
    if (typeof known === 'string') return [{ path: ['views', at], message: known }];
    const fields = numbered(view.schema);
    const about = (field: { readonly at: number }, message: string) => ({
      path: ['views', at, 'schema', field.at],
      message,
    });
    return [
      ...repeated(fields).map((field) =>
        about(field, `View "${view.name}" has two features "${field.name}". Rename one of them.`),
      ),
      ...fields
        .filter((field) => known.keys.includes(field.name))
        .map((field) =>
          about(field, `The feature "${field.name}" of view "${view.name}" is its join key too. Rename it.`),
        ),
      ...fields.flatMap((field) => fieldFaults(view.name, field).map((message) => about(field, message))),
    ];
  });
}

function numbered<T extends object>(items: readonly T[]): readonly (T & { readonly at: number })[] {
  return items.map((item, at) => ({ ...item, at }));
}

function fieldFaults(view: string, field: Field): readonly string[] {
  const window =
    field.aggregate && !(field.aggregate.window > 0)
      ? [`The window of ${view}:${field.name} is 0; give a time such as 7d.`]
      : [];
  return [...window, ...aggregateFault(view, field)];
}

/** What a window makes must fit the type that the field declares. */
function aggregateFault(view: string, field: Field): readonly string[] {
  const what = field.aggregate?.function;
  if (what === undefined || what === 'last') return [];
  const numeric = ['int32', 'int64', 'float32', 'float64'].includes(field.dtype);
  if (numeric || ((what === 'min' || what === 'max') && field.dtype === 'timestamp')) return [];
  return [`${view}:${field.name} is a ${what} and declared as ${field.dtype}; declare a number.`];
}

function onDemandFaults(definitions: FeatureDefinitions): readonly DefinitionFault[] {
  const known = [...definitions.views, ...(definitions.requests ?? [])].map((one) => one.name);
  return (definitions.onDemandViews ?? []).flatMap((view, at): readonly DefinitionFault[] => {
    const lost = view.sources
      .filter((source) => !known.includes(source))
      .map((source) => ({
        path: ['onDemandViews', at, 'sources'],
        message: `On-demand view "${view.name}" names the source "${source}", which is neither a feature view nor a request source.`,
      }));
    const twice = repeated(numbered(view.schema)).map((field) => ({
      path: ['onDemandViews', at, 'schema', field.at],
      message: `View "${view.name}" has two features "${field.name}". Rename one of them.`,
    }));
    return [...lost, ...twice];
  });
}

/** Services are only held against views that stand. */
function serviceFaults(
  definitions: FeatureDefinitions,
  services: readonly FeatureService[],
): readonly DefinitionFault[] {
  return services.flatMap((service, at) => {
    const known = sentenceOf(() => projectionsOf(definitions, splitOnDemand(definitions, service.features).inputs));
    return typeof known === 'string'
      ? [{ path: ['services', at, 'features'], message: `Service "${service.name}": ${known}` }]
      : [];
  });
}

function sentenceOf<T extends object>(work: () => T): T | string {
  try {
    return work();
  } catch (error) {
    if (error instanceof WorkbenchError) return error.message;
    throw error;
  }
}
