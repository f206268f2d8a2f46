/** What a filter, an order or a column speaks of. */
export type Entity = 'attribute' | 'metric' | 'param' | 'tag' | 'dataset';

/** Which value of a metric: the latest point's, or over all of its points. */
export type Aggregate = 'last' | 'min' | 'max';

export interface Field {
  readonly entity: Entity;
  readonly key: string;
  /** `last` for everything but metrics. */
  readonly aggregate: Aggregate;
  readonly kind: 'number' | 'text';
}

export type Comparator =
  | '='
  | '!='
  | '>'
  | '>='
  | '<'
  | '<='
  | 'LIKE'
  | 'NOT LIKE'
  | 'ILIKE'
  | 'NOT ILIKE'
  | 'IN'
  | 'NOT IN'
  | 'BETWEEN'
  | 'NOT BETWEEN'
  | 'IS NULL'
  | 'IS NOT NULL';

export interface Clause {
  readonly kind: 'clause';
  readonly field: Field;
  readonly comparator: Comparator;
  /** One for most; two for BETWEEN, both ends included; any number for IN; none for IS NULL. All numbers or all texts. */
  readonly values: readonly (number | string)[];
}

/** A filter as a tree; an `and` without parts holds for everything. */
export type Expression =
  | Clause
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Expression[] }
  | { readonly kind: 'not'; readonly part: Expression };

export interface Order {
  readonly field: Field;
  readonly descending: boolean;
  /** Texts are ordered by the number they write, before those that write none. */
  readonly asNumber: boolean;
}

/** A value of one item; several where it has many data sets; undefined where it has none. */
export type FieldValue = number | string | undefined | readonly string[];

/** Finds how to read a field of the items searched. */
export type FieldReader<T> = (field: Field) => (item: T) => FieldValue;

/** Which words a search knows. */
export interface Vocabulary {
  /** What is searched, for sentences: "runs". */
  readonly items: string;
  /** Word before the first dot to what it means. */
  readonly entities: Readonly<Record<string, { readonly entity: Entity; readonly aggregate?: Aggregate | 'best' }>>;
  readonly attributes: Readonly<Record<string, { readonly key: string; readonly kind: Field['kind'] }>>;
  /** Keys of `dataset.`. */
  readonly datasets: readonly string[];
}
