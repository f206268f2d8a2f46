import type { FeatureDefinitions, PointInTimeMode } from '../../features/types';
import type { HistoricalCall, TakenFile } from '../../pipeline/store/types';

export type Way = 'sql' | 'range' | 'snapshot' | 'file';

/** A join of features as a person puts it together. */
export class JoinDraft {
  way = $state<Way>('snapshot');
  sql = $state('');
  from = $state('');
  to = $state('');
  at = $state('');
  file = $state.raw<TakenFile | null>(null);
  mode = $state<PointInTimeMode | ''>('');
  fullNames = $state(false);
  /** "view:feature"; null: the model's own service. */
  features = $state.raw<readonly string[] | null>(null);

  /** The call, or a sentence of what is missing. */
  call(): HistoricalCall | string {
    const entities = this.#entities();
    if (typeof entities === 'string') return entities;
    if (this.features?.length === 0) return 'Choose at least one feature.';
    return {
      entities,
      ...(this.features ? { features: this.features } : {}),
      ...(this.mode ? { mode: this.mode } : {}),
      full_feature_names: this.fullNames,
    };
  }

  #entities(): HistoricalCall['entities'] | string {
    switch (this.way) {
      case 'sql':
        return this.sql.trim() === '' ? 'Write a SELECT that gives the keys and event_timestamp.' : { sql: this.sql };
      case 'file':
        return this.file ? { file: this.file } : 'Choose a file of entity rows.';
      case 'snapshot': {
        const snapshot = microsOf(this.at);
        return snapshot === null ? 'Give the moment of the snapshot.' : { snapshot };
      }
      case 'range': {
        const [from, to] = [microsOf(this.from), microsOf(this.to)];
        return { ...(from === null ? {} : { from }), ...(to === null ? {} : { to }) };
      }
    }
  }
}

/** A local date and time of an input, meant in UTC, as microseconds. */
function microsOf(text: string): number | null {
  const at = Date.parse(`${text}${text.length > 10 ? '' : 'T00:00'}Z`);
  return text === '' || Number.isNaN(at) ? null : at * 1000;
}

/** Every feature that can be asked for, by view. */
export function featuresByView(definitions: FeatureDefinitions): readonly (readonly [string, readonly string[]])[] {
  return [...definitions.views, ...(definitions.onDemandViews ?? [])].map(
    (view) => [view.name, view.schema.map((field) => `${view.name}:${field.name}`)] as const,
  );
}
