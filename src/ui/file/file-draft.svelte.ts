import { SvelteSet } from 'svelte/reactivity';
import type { ColumnType, ScalarType } from '../../utils/columns';
import type { FileModelRequest, FilePreview } from '../../pipeline/views';
import { countPositive, parseRule, ruleFault, suggestRule, type PreviewColumn } from './positive-rule';

/** With more values than this, whole numbers are rarely codes. */
const MOST_CODES = 8;

/** What a person has said about a file so far. */
export class FileDraft {
  readonly preview: FilePreview;
  readonly #bytes: Uint8Array;
  label = $state('');
  positive = $state('');
  name = $state('');
  entity = $state('');
  eventTimestamp = $state('');
  types = $state.raw<Readonly<Record<string, ScalarType>>>({});
  readonly ignored = new SvelteSet<string>();
  readonly sensitive = new SvelteSet<string>();

  constructor(preview: FilePreview, bytes: Uint8Array) {
    this.preview = preview;
    this.#bytes = bytes;
    this.name = nameFrom(preview.fileName);
    for (const column of preview.columns) if (column.suggestion === 'ignore') this.ignored.add(column.name);
    this.choose(
      preview.columns.find((column) => column.suggestion === 'label')?.name ?? preview.columns.at(-1)?.name ?? '',
    );
  }

  get labelColumn(): PreviewColumn | null {
    return this.preview.columns.find((column) => column.name === this.label) ?? null;
  }

  /** Takes another column as the label, with a first guess at what counts as positive. */
  choose(name: string): void {
    this.label = name;
    const column = this.labelColumn;
    this.positive = column ? suggestRule(column) : '';
    if (this.entity === name) this.entity = '';
    if (this.eventTimestamp === name) this.eventTimestamp = '';
    if (this.ignored.has(name)) this.toggle('ignored', name);
  }

  typeOf(column: PreviewColumn): ColumnType {
    return this.types[column.name] ?? column.type;
  }

  /** True for whole numbers so few that they may name kinds rather than amounts, and are still read as numbers. */
  maybeCode(column: PreviewColumn): boolean {
    const { distinct, min, max, examples } = column;
    const isNumber = this.typeOf(column) === 'int64' || this.typeOf(column) === 'float64';
    const whole = [min, max, ...examples.map(Number)].every((value) => Number.isInteger(value));
    return isNumber && whole && distinct > 2 && distinct <= MOST_CODES;
  }

  setType(column: PreviewColumn, type: ScalarType): void {
    const { [column.name]: _, ...others } = this.types;
    this.types = type === column.type ? others : { ...others, [column.name]: type };
    if (this.eventTimestamp === column.name && type !== 'timestamp') this.eventTimestamp = '';
  }

  toggle(list: 'ignored' | 'sensitive', name: string): void {
    if (!this[list].delete(name)) this[list].add(name);
  }

  /** What still stands in the way, in a sentence; null when the model can be made. */
  get fault(): string | null {
    const column = this.labelColumn;
    if (!column) return 'Choose the column the model should learn to predict.';
    const fault = ruleFault(this.positive);
    if (fault) return fault;
    const rule = parseRule(this.positive);
    const known = this.preview.rows - column.missing;
    const positives = rule ? countPositive(rule, column, this.preview.rows) : null;
    if (positives?.exact && positives.rows === 0)
      return `No row of “${column.name}” is “${this.positive}”, so there would be nothing to learn. Choose other values.`;
    if (positives?.exact && positives.rows === known)
      return `Every row of “${column.name}” is “${this.positive}”, so there would be nothing to tell apart. Choose other values.`;
    if (!/^[a-z][a-z0-9_]{0,62}$/.test(this.name))
      return 'The name takes lower-case letters, digits and underscores, and starts with a letter.';
    return null;
  }

  request(): FileModelRequest {
    return {
      fileName: this.preview.fileName,
      bytes: this.#bytes,
      name: this.name,
      label: this.label,
      positive: this.positive.trim(),
      types: this.types,
      ignore: [...this.ignored].filter((name) => ![this.label, this.entity, this.eventTimestamp].includes(name)),
      sensitive: [...this.sensitive].filter((name) => name !== this.label),
      ...(this.entity ? { entity: this.entity } : {}),
      ...(this.eventTimestamp ? { eventTimestamp: this.eventTimestamp } : {}),
    };
  }
}

/** "Heart Cleveland (1).csv" as "heart_cleveland_1". */
export function nameFrom(fileName: string): string {
  const words = fileName
    .replace(/\.[^.]*$/, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
  return (/^[a-z]/.test(words) ? words : `table_${words}`).slice(0, 63).replace(/_+$/, '');
}
