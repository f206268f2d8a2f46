import type { DefinitionFault } from '../../features/definition-faults';
import { referencesOf } from '../../features/plan';
import { splitReference } from '../../features/resolve';
import type { FeatureDefinitions, FeatureView, OnDemandFeatureView, ValueType } from '../../features/types';
import { canonicalJson } from '../../utils/hash';
import { joinKeys, type ModelSpec } from '../model-spec';
import { EVENT, KEY, LABEL } from '../services/dataset';

const SERVICE = ['services', 0, 'features'] as const;

/** What keeps a model from being trained and served with definitions that are right in themselves. */
export function modelFaults(spec: ModelSpec, definitions: FeatureDefinitions): readonly DefinitionFault[] {
  const items = definitions.service.features.flatMap((item) =>
    typeof item !== 'string' && (item.name !== undefined || item.join_key_map !== undefined)
      ? [
          `A model is trained on features under their own names and keys; the service takes ${item.view} under others. Leave out name and join_key_map.`,
        ]
      : [],
  );
  if (items.length > 0) return items.map(inService);
  const references = referencesOf(definitions, definitions.service);
  return [
    ...nameFaults(spec, references),
    ...references.flatMap((reference) => featureFaults(spec, definitions, reference)),
    ...(references.length === 0 ? ['The service has no features, and a model needs at least one.'] : []),
  ]
    .map(inService)
    .concat(requiredFaults(spec, definitions), functionFaults(spec, definitions));
}

/** What a function makes, and of what, is said where it is written. */
function functionFaults({ declared }: ModelSpec, definitions: FeatureDefinitions): readonly DefinitionFault[] {
  return (definitions.onDemandViews ?? []).flatMap((view, at) => {
    if (view.mode !== 'typescript') return [];
    const own = declared.definitions.onDemandViews?.find((one) => one.name === view.name);
    if (own?.mode === 'typescript' && signature(own) === signature(view)) return [];
    const message = own
      ? `On-demand view "${view.name}" is a function of the model's folder, which says its sources and features. Change them there; here its words can be changed.`
      : `There is no function for on-demand view "${view.name}" in the model's folder. Write its features in SQL, or take it out.`;
    return [{ path: ['onDemandViews', at], message }];
  });
}

function signature({ sources, schema }: OnDemandFeatureView): string {
  return canonicalJson([sources, schema.map(({ name, dtype, expression }) => [name, dtype, expression])]);
}

function inService(message: string): DefinitionFault {
  return { path: SERVICE, message };
}

/** Columns of the training table go by short names. */
function nameFaults(spec: ModelSpec, references: readonly string[]): readonly string[] {
  const taken = new Map<string, string>(
    [KEY, EVENT, LABEL, ...joinKeys(spec)].map((name) => [name, 'the training table']),
  );
  return references.flatMap((reference) => {
    const { view, feature } = splitReference(reference);
    const before = taken.get(feature);
    taken.set(feature, view);
    return before === undefined
      ? []
      : [`The column "${feature}" would come twice, from ${before} and from ${view}. Rename one of the features.`];
  });
}

function featureFaults(spec: ModelSpec, definitions: FeatureDefinitions, reference: string): readonly string[] {
  const { view: name, feature } = splitReference(reference);
  const view = definitions.views.find((one) => one.name === name);
  if (view)
    return [
      ...typeFaults(
        reference,
        view.schema.find((one) => one.name === feature),
      ),
      ...viewFaults(spec, definitions, view),
    ];
  const onDemand = definitions.onDemandViews?.find((one) => one.name === name);
  const requested =
    onDemand?.sources.filter((source) => definitions.requests?.some((one) => one.name === source)) ?? [];
  return [
    ...typeFaults(
      reference,
      onDemand?.schema.find((one) => one.name === feature),
    ),
    ...requested.map(
      (source) =>
        `${reference} needs the request data ${source}, which training rows do not have. Take it out of the service.`,
    ),
  ];
}

function typeFaults(reference: string, field: { readonly dtype: ValueType } | undefined): readonly string[] {
  if (field?.dtype.endsWith('[]')) {
    const name = splitReference(reference).feature;
    return [
      `${reference} holds lists, and models learn from numbers. Take it out of the service, or make a number of each list by an expression: an element (${name}[1]), its length (len(${name})) or its mean (list_avg(${name})).`,
    ];
  }
  return field?.dtype === 'string'
    ? [
        `${reference} holds text, and models learn from numbers. Take it out of the service, or give it an expression that makes a number, for example CASE x WHEN 'a' THEN 0 ELSE 1 END.`,
      ]
    : [];
}

function viewFaults(spec: ModelSpec, definitions: FeatureDefinitions, view: FeatureView): readonly string[] {
  const keys = view.entities.flatMap(
    (entity) => definitions.entities.find(({ name }) => name === entity)?.join_keys ?? [],
  );
  const foreign = keys.filter((key) => !joinKeys(spec).includes(key));
  return [
    ...(view.online === false
      ? [
          `The model is served ${view.name} from the online store; leave the view online, or take its features out of the service.`,
        ]
      : []),
    ...foreign.map(
      (key) => `${view.name} is keyed by "${key}", and the model's rows have ${joinKeys(spec).join(', ')} alone.`,
    ),
  ];
}

/** What the rest of the model's configuration reads. */
function requiredFaults(spec: ModelSpec, definitions: FeatureDefinitions): DefinitionFault[] {
  const { entity } = spec.config;
  const faults: DefinitionFault[] = [];
  if (!definitions.entities.some(({ name, join_keys }) => name === entity || join_keys.includes(entity))) {
    faults.push({ path: ['entities'], message: `The model is of one row an entity "${entity}"; define it.` });
  }
  for (const { name, feature: reference } of spec.sensitive) {
    const { view, feature } = splitReference(reference);
    const found = definitions.views.find((one) => one.name === view)?.schema.some((one) => one.name === feature);
    if (found === true) continue;
    faults.push({
      path: ['views'],
      message: `The groups of ${name} are read from ${reference}, which would disappear; keep the feature.`,
    });
  }
  return faults;
}
