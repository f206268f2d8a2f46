import { cellAt } from '../../utils/columns';
import { checkpoint, type Control } from '../../utils/control';
import { emptyValue, expiredAt } from '../../features/get-online-features';
import { eachBlock, onlineViews } from '../../features/online/read';
import type { OnlineBlock } from '../../features/online/tables';
import { resolveView, splitReference } from '../../features/resolve';
import type { Field } from '../../features/types';
import { toModelColumn } from '../../inference/columns';
import type { ModelSpec } from '../model-spec';
import type { Platform } from '../platform';
import { serveFeatures } from '../store/serving';

/** Every entity of an online store as a model takes it. */
export interface ScoredRows {
  readonly keys: readonly string[];
  /** Microseconds, event time served. */
  readonly times: Float64Array;
  readonly columns: readonly Float32Array[];
}

/** Online rows of all views side by side, one row an entity, in key order, as a read at `at` would serve them. */
export async function onlineColumns(
  platform: Platform,
  spec: ModelSpec,
  at: number,
  control: Control,
): Promise<ScoredRows> {
  const { records } = platform;
  const { features } = spec.config;
  const onDemand = new Set(spec.definitions.onDemandViews?.map((view) => view.name));
  const isComputed = (reference: string) => onDemand.has(splitReference(reference).view);
  const stored = features.filter((reference) => !isComputed(reference));
  const rows = new EntityRows(spec, stored);
  for (const view of await onlineViews(records, spec.config.name)) {
    await eachBlock(records, view, (block) => rows.add(block, at), control);
  }
  const scored = rows.inKeyOrder();
  const computed = features.filter(isComputed);
  if (computed.length === 0) return scored;
  const more = await computedColumns(platform, spec, { keys: scored.keys, features: computed, at }, control);
  const columns = new Map([
    ...stored.map((reference, i) => [reference, scored.columns[i]] as const),
    ...computed.map((reference, i) => [reference, more[i]] as const),
  ]);
  return { ...scored, columns: features.map((reference) => columns.get(reference) ?? new Float32Array()) };
}

/** Entities that on-demand features are computed for in one go. */
const TOGETHER = 4096;

interface Computed {
  readonly keys: readonly string[];
  readonly features: readonly string[];
  readonly at: number;
}

/** On-demand features of all entities, served as a single entity's are. */
async function computedColumns(
  platform: Platform,
  spec: ModelSpec,
  { keys, features, at }: Computed,
  control: Control,
): Promise<readonly Float32Array[]> {
  const columns = features.map(() => new Float32Array(keys.length));
  for (let first = 0; first < keys.length; first += TOGETHER) {
    await checkpoint(control, { label: 'computing on-demand features', done: first, total: keys.length });
    const some = keys.slice(first, first + TOGETHER);
    const served = await serveFeatures({ platform, spec }, { keys: some, at, features });
    served.forEach((row, offset) =>
      row.forEach((feature, i) => columns[i]?.set(toModelColumn(feature), first + offset)),
    );
  }
  return columns;
}

interface Wanted {
  readonly view: string;
  readonly field: Field;
  readonly ttl: number;
  /** What an entity has that the view does not hold. */
  readonly empty: number;
}

/** Entities in order of arrival, their columns growing. */
class EntityRows {
  readonly #wanted: readonly Wanted[];
  readonly #places = new Map<string, number>();
  #times = new Float64Array(1024);
  #columns: Float32Array[];

  /** @param features of feature views. */
  constructor({ definitions }: ModelSpec, features: readonly string[]) {
    this.#wanted = features.map((reference) => {
      const { view: name, feature } = splitReference(reference);
      const { view } = resolveView(definitions, name);
      const field = view.schema.find((one) => one.name === feature);
      if (!field) throw new Error(`invariant: view ${name} has no feature ${feature}`);
      return { view: name, field, ttl: view.ttl, empty: Number(emptyValue(field) ?? NaN) };
    });
    this.#columns = this.#wanted.map(({ empty }) => new Float32Array(this.#times.length).fill(empty));
  }

  add(block: OnlineBlock, at: number): undefined {
    const places = block.keys.map((key) => this.#placeOf(key));
    places.forEach((place, row) => {
      this.#times[place] = Math.max(this.#times[place] as number, block.event[row] as number);
    });
    this.#wanted.forEach(({ view, field, ttl }, i) => {
      const values = view === block.view ? block.values.columns.get(field.name) : undefined;
      const column = this.#columns[i];
      if (!values || !column) return;
      places.forEach((place, row) => {
        const cell = expiredAt(at, block.event[row] as number, { field, ttl }) ? null : cellAt(values, row);
        column[place] = cell === null ? NaN : Number(cell);
      });
    });
  }

  #placeOf(key: string): number {
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    const place = this.#places.size;
    if (place === this.#times.length) this.#grow();
    this.#places.set(key, place);
    this.#times[place] = -Infinity;
    return place;
  }

  #grow(): void {
    const length = 2 * this.#times.length;
    const times = new Float64Array(length);
    times.set(this.#times);
    this.#times = times;
    this.#columns = this.#columns.map((column, i) => {
      const wider = new Float32Array(length).fill(this.#wanted[i]?.empty ?? NaN);
      wider.set(column);
      return wider;
    });
  }

  inKeyOrder(): ScoredRows {
    const keys = [...this.#places.keys()].sort();
    const order = Int32Array.from(keys, (key) => this.#places.get(key) ?? 0);
    return {
      keys,
      times: Float64Array.from(order, (place) => this.#times[place] as number),
      columns: this.#columns.map((column) => Float32Array.from(order, (place) => column[place] as number)),
    };
  }
}
