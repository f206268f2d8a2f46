import type { FeatureDefinitions, FeatureService, FeatureView, Field } from '../../../features/types';

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** Seconds of "90d", "12h", "30m", "45s", "2w" or a plain number; null for anything else, 0 for nothing. */
export function secondsOf(text: string): number | null {
  const [, figure, unit = 's'] = /^\s*(\d+(?:\.\d+)?)\s*([smhdw])?\s*$/.exec(text) ?? [];
  if (text.trim() === '') return 0;
  return figure === undefined ? null : Number(figure) * (SECONDS[unit] ?? 1);
}

/** Seconds in the largest unit that is exact: "90d". */
export function durationText(seconds: number): string {
  const unit = ['d', 'h', 'm'].find((one) => seconds > 0 && Number.isInteger(seconds / (SECONDS[one] ?? 1)));
  return unit ? `${seconds / (SECONDS[unit] ?? 1)}${unit}` : `${seconds}s`;
}

/** "team=cardiology, tier=1" as tags; null where a part has no name or no "=". */
export function tagsOf(text: string): Readonly<Record<string, string>> | null {
  const parts = text.split(',').filter((part) => part.trim() !== '');
  const pairs = parts.map((part) => /^\s*([^=]+?)\s*=\s*(.*?)\s*$/.exec(part));
  if (pairs.includes(null)) return null;
  return Object.fromEntries(pairs.map((pair) => [pair?.[1] ?? '', pair?.[2] ?? '']));
}

export function tagsText(tags: Readonly<Record<string, string>> | undefined): string {
  return Object.entries(tags ?? {})
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');
}

/** Features of a service one by one. */
export function trainedOn(definitions: FeatureDefinitions): readonly string[] {
  return definitions.service.features.flatMap((item) => referencesOf(definitions, item));
}

function referencesOf(
  { views, onDemandViews = [] }: FeatureDefinitions,
  item: FeatureService['features'][number],
): readonly string[] {
  if (typeof item === 'string') return [item];
  const schema = [...views, ...onDemandViews].find((view) => view.name === item.view)?.schema ?? [];
  return (item.features ?? schema.map((field) => field.name)).map((name) => `${item.view}:${name}`);
}

/** With the model trained on a feature, or not any more; a new one comes last. */
export function withTrained(definitions: FeatureDefinitions, reference: string, trained: boolean): FeatureDefinitions {
  const others = trainedOn(definitions).filter((one) => one !== reference);
  const before = trainedOn(definitions);
  const features = trained ? (before.includes(reference) ? before : [...others, reference]) : others;
  return { ...definitions, service: { ...definitions.service, features } };
}

/** With a view in the place of another, or added; the service follows a new name. */
export function withView(
  definitions: FeatureDefinitions,
  view: FeatureView,
  before: string | null,
): FeatureDefinitions {
  if (before === null) return { ...definitions, views: [...definitions.views, view] };
  const views = definitions.views.map((one) => (one.name === before ? view : one));
  return renamed({ ...definitions, views }, (reference) =>
    reference.startsWith(`${before}:`) ? `${view.name}${reference.slice(before.length)}` : reference,
  );
}

/** Without a view and what the model took from it. */
export function withoutView(definitions: FeatureDefinitions, name: string): FeatureDefinitions {
  const features = trainedOn(definitions).filter((reference) => !reference.startsWith(`${name}:`));
  const views = definitions.views.filter((view) => view.name !== name);
  return { ...definitions, views, service: { ...definitions.service, features } };
}

/** With a feature in the place of another of its view, or added to it; the service follows a new name. */
export function withField(
  definitions: FeatureDefinitions,
  view: string,
  field: Field,
  before: string | null,
): FeatureDefinitions {
  const views = definitions.views.map((one) => {
    if (one.name !== view) return one;
    const schema =
      before === null ? [...one.schema, field] : one.schema.map((old) => (old.name === before ? field : old));
    return { ...one, schema };
  });
  if (before === null) return { ...definitions, views };
  return renamed({ ...definitions, views }, (reference) =>
    reference === `${view}:${before}` ? `${view}:${field.name}` : reference,
  );
}

export function withoutField(definitions: FeatureDefinitions, view: string, name: string): FeatureDefinitions {
  const views = definitions.views.map((one) =>
    one.name === view ? { ...one, schema: one.schema.filter((field) => field.name !== name) } : one,
  );
  return withTrained({ ...definitions, views }, `${view}:${name}`, false);
}

function renamed(definitions: FeatureDefinitions, rename: (reference: string) => string): FeatureDefinitions {
  const before = trainedOn(definitions);
  const features = before.map(rename);
  if (features.every((reference, at) => reference === before[at])) return definitions;
  return { ...definitions, service: { ...definitions.service, features } };
}

/** Whether every word of a search stands somewhere in an object's texts. */
export function matches(search: string, texts: readonly (string | undefined)[]): boolean {
  const all = texts.join('\n').toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word));
}
