import { canonicalJson } from '../utils/hash';
import { definitionChanges, type DefinitionChange } from './definition-changes';
import { splitOnDemand } from './on-demand';
import type { FeatureDefinitions, FeatureService } from './types';

/** A registered version and the features, "view:feature", that it was trained on. */
export interface Dependent {
  /** For sentences: "heart_disease v3 (champion)". */
  readonly who: string;
  readonly features: readonly string[];
}

/** What applying definitions would do. */
export interface DefinitionsPlan {
  readonly changes: readonly DefinitionChange[];
  /** Why it cannot be applied, a sentence each. */
  readonly blocked: readonly string[];
  readonly effects: readonly string[];
  /** Whether the training table and the online store no longer hold what the definitions say. */
  readonly rebuild: boolean;
  /** Whether the model is trained on other features or values than before. */
  readonly retrain: boolean;
  /** Feature views that are deleted, no longer served online, or have other keys: their online rows go. */
  readonly unserved: readonly string[];
}

/** Features of a service as "view:feature", in its order. */
export function referencesOf(definitions: FeatureDefinitions, service: FeatureService): readonly string[] {
  return splitOnDemand(definitions, service.features).wanted;
}

/** Compares definitions, both without faults, and says what follows from the difference. */
export function planDefinitions(
  before: FeatureDefinitions,
  after: FeatureDefinitions,
  dependents: readonly Dependent[],
): DefinitionsPlan {
  const changes = definitionChanges(before, after);
  const remade = remadeFeatures(before, after);
  const trained = [referencesOf(before, before.service), referencesOf(after, after.service)] as const;
  const sameService = trained[0].join('\n') === trained[1].join('\n');
  const deletedViews = changes
    .filter((change) => change.kind === 'feature_view' && change.action === 'deleted')
    .map((change) => change.name);
  const stored = changes.some((change) => change.kind.endsWith('view') && change.action !== 'changed');
  const switched = switchedOnline(before, after);
  const rebuild = remade.size > 0 || !sameService || stored || switched.some(({ online }) => online);
  return {
    changes,
    blocked: dependents.flatMap((one) => blockedBy(one, before, after)),
    effects: effectsOf({ changes, remade, trained, dependents, deletedViews, switched, rebuild }),
    rebuild,
    retrain: !sameService || trained[1].some((reference) => remade.has(reference)),
    unserved: [
      ...deletedViews,
      ...switched.filter(({ online }) => !online).map(({ view }) => view),
      ...otherKeys(before, after),
    ],
  };
}

/** A feature's value rests on its own definition, its view's keys, ttl and source; on-demand ones on their inputs too. */
function valueKeys(definitions: FeatureDefinitions): ReadonlyMap<string, string> {
  const keys = new Map<string, string>();
  const byName = new Map(
    definitions.sources.map(({ description: _d, tags: _t, owner: _o, ...source }) => [source.name, source]),
  );
  for (const view of definitions.views) {
    const joined = view.entities.map((entity) => definitions.entities.find(({ name }) => name === entity)?.join_keys);
    const rests = [byName.get(view.source) ?? null, joined, view.ttl];
    for (const { name, description: _d, expect: _e, ...field } of view.schema) {
      keys.set(`${view.name}:${name}`, canonicalJson([rests, field]));
    }
  }
  for (const view of definitions.onDemandViews ?? []) {
    const inputs = view.sources.map((source) => [
      definitions.requests?.find(({ name }) => name === source)?.schema ?? null,
      [...keys].filter(([reference]) => reference.startsWith(`${source}:`)),
    ]);
    for (const { description: _d, expect: _e, ...field } of view.schema) {
      keys.set(`${view.name}:${field.name}`, canonicalJson([inputs, field]));
    }
  }
  return keys;
}

/** Features of both that are computed otherwise, and those that are new. */
function remadeFeatures(before: FeatureDefinitions, after: FeatureDefinitions): ReadonlySet<string> {
  const old = valueKeys(before);
  return new Set([...valueKeys(after)].filter(([reference, key]) => old.get(reference) !== key).map(([name]) => name));
}

/** Views of both whose join keys differ. */
function otherKeys(before: FeatureDefinitions, after: FeatureDefinitions): readonly string[] {
  const keysIn = ({ views, entities }: FeatureDefinitions): ReadonlyMap<string, string> =>
    new Map(
      views.map((view) => [
        view.name,
        JSON.stringify(view.entities.map((entity) => entities.find(({ name }) => name === entity)?.join_keys ?? [])),
      ]),
    );
  const old = keysIn(before);
  return [...keysIn(after)].filter(([name, keys]) => (old.get(name) ?? keys) !== keys).map(([name]) => name);
}

/** Views of both that were switched on or off for the online store. */
function switchedOnline(before: FeatureDefinitions, after: FeatureDefinitions): readonly Switched[] {
  return after.views.flatMap((view) => {
    const old = before.views.find(({ name }) => name === view.name);
    const online = view.online !== false;
    return old && (old.online !== false) !== online ? [{ view: view.name, online }] : [];
  });
}

interface Switched {
  readonly view: string;
  readonly online: boolean;
}

function blockedBy({ who, features }: Dependent, before: FeatureDefinitions, after: FeatureDefinitions): string[] {
  const [old, now] = [valueKeys(before), valueKeys(after)];
  const lost = features.filter((reference) => old.has(reference) && !now.has(reference));
  const read = viewsRead(features, before);
  const unserved = switchedOnline(before, after)
    .filter(({ view, online }) => !online && read.has(view))
    .map(({ view }) => view);
  const shortNames = new Map(referencesOf(after, after.service).map((reference) => [shortOf(reference), reference]));
  const clashing = features.filter((reference) => {
    const other = shortNames.get(shortOf(reference));
    return now.has(reference) && other !== undefined && other !== reference;
  });
  return [
    ...(lost.length > 0
      ? [
          `${who} is trained on ${listed(lost)}, which would disappear. Take ${lost.length === 1 ? 'it' : 'them'} out of the service first, then train and promote a version without; after that it can be deleted.`,
        ]
      : []),
    ...unserved.map((view) => `${who} is served ${view} from the online store; it must stay online.`),
    ...clashing.map(
      (reference) =>
        `${who} is trained on ${reference}, and the service would take ${shortNames.get(shortOf(reference)) ?? ''}, which has the same name. Give one of them another name.`,
    ),
  ];
}

/** The views that features are read from, those of on-demand views' sources among them. */
function viewsRead(features: readonly string[], { onDemandViews = [] }: FeatureDefinitions): ReadonlySet<string> {
  const named = new Set(features.map((reference) => reference.slice(0, reference.indexOf(':'))));
  const sources = onDemandViews.filter(({ name }) => named.has(name)).flatMap((view) => view.sources);
  return new Set([...named, ...sources]);
}

function shortOf(reference: string): string {
  return reference.slice(reference.indexOf(':') + 1);
}

interface Facts {
  readonly changes: readonly DefinitionChange[];
  readonly remade: ReadonlySet<string>;
  readonly trained: readonly [before: readonly string[], after: readonly string[]];
  readonly dependents: readonly Dependent[];
  readonly deletedViews: readonly string[];
  readonly switched: readonly Switched[];
  readonly rebuild: boolean;
}

function effectsOf(facts: Facts): readonly string[] {
  const { changes, remade, trained, dependents, deletedViews, switched, rebuild } = facts;
  if (changes.length === 0) return [];
  const [before, after] = trained;
  const views = [...new Set([...remade].map((reference) => reference.slice(0, reference.indexOf(':'))))];
  const stored = views.filter(
    (name) => !changes.some((one) => one.kind === 'on_demand_feature_view' && one.name === name),
  );
  const sentences: string[] = [];
  if (stored.length > 0) {
    sentences.push(
      `${listed(stored)} ${stored.length === 1 ? 'is' : 'are'} computed and materialized anew: ${remadeText([...remade])}.`,
    );
  }
  for (const view of deletedViews) sentences.push(`The online rows of ${view} are deleted.`);
  for (const { view, online } of switched) {
    sentences.push(
      online
        ? `${view} is materialized from the next Features run on.`
        : `The online rows of ${view} are deleted; it is no longer materialized.`,
    );
  }
  const added = after.filter((reference) => !before.includes(reference));
  const removed = before.filter((reference) => !after.includes(reference));
  if (added.length > 0) sentences.push(`The model is trained on ${listed(added)} as well.`);
  if (removed.length > 0) sentences.push(`The model is no longer trained on ${listed(removed)}.`);
  if (added.length + removed.length === 0 && before.join('\n') !== after.join('\n')) {
    sentences.push('The model is trained on the same features in another order.');
  }
  for (const { who, features } of dependents) {
    const other = features.filter((reference) => remade.has(reference));
    if (other.length === 0) continue;
    sentences.push(
      `${who} was trained on former values of ${listed(other)}; after the next Features run it is served the new ones until another version takes over.`,
    );
  }
  sentences.push(
    rebuild
      ? 'Features must run again; Training, Registry, Inference and Monitoring follow from it.'
      : 'No stage has to run again.',
  );
  return sentences;
}

function remadeText(references: readonly string[]): string {
  return references.length > 6 ? `${references.length} features` : listed(references);
}

/** "a, b and c". */
function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}

/** How often each object was changed by the versions applied, and the version that last did (0: as it was at first). */
export function objectVersions(
  objects: readonly { readonly kind: DefinitionChange['kind']; readonly name: string }[],
  history: readonly { readonly version: number; readonly changes: readonly DefinitionChange[] }[],
): readonly {
  readonly kind: DefinitionChange['kind'];
  readonly name: string;
  readonly version: number;
  readonly since: number;
}[] {
  return objects.map(({ kind, name }) => {
    const touched = history.filter((one) => one.changes.some((change) => change.kind === kind && change.name === name));
    return { kind, name, version: touched.length + 1, since: Math.max(0, ...touched.map(({ version }) => version)) };
  });
}
