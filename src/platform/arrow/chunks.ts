/** The part of an Arrow vector that is read here; both Arrow versions in the page fit. */
export interface ArrowVector {
  readonly type?: TypeFacts;
  readonly data: readonly ArrowChunk[];
}

export interface ArrowChunk {
  readonly length: number;
  readonly offset: number;
  readonly nullCount: number;
  readonly values: unknown;
  readonly type: TypeFacts;
  readonly dictionary?: (ArrowVector & { readonly length: number }) | undefined;
  readonly valueOffsets: ArrayLike<number | bigint>;
  readonly children: readonly ArrowChunk[];
  getValid(index: number): boolean;
}

interface TypeFacts {
  readonly typeId: number;
  readonly bitWidth?: number;
  readonly unit?: number;
  /** Of floats: 0 for 16 bits. */
  readonly precision?: number;
  readonly scale?: number;
  /** Of lists of one length. */
  readonly listSize?: number;
  /** Of lists: the element. */
  readonly children?: readonly { readonly type: TypeFacts }[];
  /** Of dictionaries: their values. */
  readonly dictionary?: TypeFacts;
}

/** A chunk without rows, which still says its type. */
export function noRows(type: TypeFacts): ArrowChunk {
  return {
    length: 0,
    offset: 0,
    nullCount: 0,
    values: [],
    type,
    valueOffsets: [0],
    children: [],
    getValid: () => false,
  };
}
