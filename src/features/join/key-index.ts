import type { Column, ColumnType, ScalarColumn } from '../../utils/columns';
import { WorkbenchError } from '../../utils/errors';
import { PairTable } from './pair-table';

/** Numbers the values of one key column: -1 for missing ones. `find` answers -1 for values it was not made from too. */
interface ColumnCoder {
  readonly codes: Int32Array;
  readonly size: number;
  find(column: Column, name: string): Int32Array;
}

/**
 * The different keys of some rows, numbered in order of first appearance; a key may have several columns. Whole numbers
 * are compared with all 64 bits; whole float64 numbers equal int64 ones. Rows with a missing part have number -1.
 */
export class KeyIndex {
  /** [rows] */
  readonly codes: Int32Array;
  /** Different keys. */
  readonly size: number;
  readonly #coders: readonly ColumnCoder[];
  readonly #pairs: readonly PairTable[];

  /** @param columns of equal length; none for keyless rows, which all have number 0. */
  constructor(columns: readonly Column[], rows: number) {
    this.#coders = columns.map(makeCoder);
    const pairs: PairTable[] = [];
    let codes: Int32Array = this.#coders[0]?.codes ?? new Int32Array(rows);
    let size = this.#coders[0]?.size ?? Math.min(rows, 1);
    for (const coder of this.#coders.slice(1)) {
      const table = new PairTable(rows);
      codes = joined(codes, coder.codes, (a, b) => table.add(a, b));
      size = table.size;
      pairs.push(table);
    }
    this.codes = codes;
    this.size = size;
    this.#pairs = pairs;
  }

  /** Numbers of other rows' keys; -1 where the key is missing or not known. `names` are for the sentence of a fault. */
  find(columns: readonly Column[], names: readonly string[], rows: number): Int32Array {
    const [first, ...rest] = this.#coders.map((coder, i) => {
      const column = columns[i];
      if (!column) throw new Error('invariant: a key column is missing');
      return coder.find(column, names[i] ?? '');
    });
    return rest.reduce(
      (codes, more, i) => {
        const table = this.#pairs[i];
        return joined(codes, more, (a, b) => table?.find(a, b) ?? -1);
      },
      first ?? new Int32Array(rows),
    );
  }
}

function joined(a: Int32Array, b: Int32Array, number: (a: number, b: number) => number): Int32Array {
  return a.map((code, row) => (code < 0 || (b[row] as number) < 0 ? -1 : number(code, b[row] as number)));
}

function makeCoder(column: Column): ColumnCoder {
  if (column.type === 'list') {
    throw new WorkbenchError(
      'FEATURES_INVALID',
      'A join key holds lists; keys are numbers, texts, times or truth values.',
    );
  }
  return column.type === 'string' ? textCoder(column) : wordCoder(column);
}

type TextColumn = Extract<Column, { type: 'string' }>;

function textCoder(column: TextColumn): ColumnCoder {
  const codeOf = new Map<string, number>();
  const number = (text: string) => {
    const known = codeOf.get(text);
    if (known === undefined) codeOf.set(text, codeOf.size);
    return known ?? codeOf.size - 1;
  };
  return {
    codes: translated(column, column.dictionary.map(number)),
    size: codeOf.size,
    find: (other, name) => {
      if (other.type !== 'string') throw mismatch(name, 'text', other);
      return translated(
        other,
        other.dictionary.map((text) => codeOf.get(text) ?? -1),
      );
    },
  };
}

function translated({ codes }: TextColumn, numbers: readonly number[]): Int32Array {
  return codes.map((code) => (code < 0 ? -1 : (numbers[code] ?? -1)));
}

type NumberColumn = Exclude<ScalarColumn, { type: 'string' }>;
type TakeWords = (row: number, low: number, high: number) => void;

function wordCoder(column: NumberColumn): ColumnCoder {
  const length = column.values.length;
  const table = new PairTable(length);
  const codes = new Int32Array(length).fill(-1);
  const eachWord = column.type === 'int64' || column.type === 'bool' ? eachWholeWord : eachFloatWord;
  eachWord(column, (row, low, high) => (codes[row] = table.add(low, high)));
  return {
    codes,
    size: table.size,
    find: (other, name) => {
      if (
        other.type === 'string' ||
        other.type === 'list' ||
        (other.type === 'timestamp') !== (column.type === 'timestamp')
      ) {
        throw mismatch(name, WORDS[column.type], other);
      }
      const found = new Int32Array(other.values.length).fill(-1);
      eachWord(other, (row, low, high) => (found[row] = table.find(low, high)));
      return found;
    },
  };
}

const WHOLE = new BigInt64Array(1);
const WHOLE_WORDS = new Int32Array(WHOLE.buffer);
const FLOAT = new Float64Array(1);
const FLOAT_WORDS = new Int32Array(FLOAT.buffer);
/** float64 numbers from here on, and those below its negative, have no int64. */
const BEYOND = 9223372036854775808;

/** The words of each value as int64; missing values, fractions and what int64 cannot hold are passed over. */
function eachWholeWord(column: NumberColumn, take: TakeWords): void {
  if (column.type === 'int64') {
    const words = new Int32Array(column.values.buffer, column.values.byteOffset, 2 * column.values.length);
    for (let row = 0; row < column.values.length; row++) {
      if (column.valid?.[row] !== 0) take(row, words[2 * row] as number, words[2 * row + 1] as number);
    }
    return;
  }
  const isBool = column.type === 'bool';
  column.values.forEach((value, row) => {
    if (isBool && value < 0) return;
    if ((value | 0) === value) take(row, value, value < 0 ? -1 : 0);
    else if (Number.isInteger(value) && value >= -BEYOND && value < BEYOND) {
      WHOLE[0] = BigInt(value);
      take(row, WHOLE_WORDS[0] as number, WHOLE_WORDS[1] as number);
    }
  });
}

/** The words of each value as float64; missing values and whole numbers that float64 cannot hold are passed over. */
function eachFloatWord(column: NumberColumn, take: TakeWords): void {
  const visit = (row: number, value: number) => {
    FLOAT[0] = value + 0;
    take(row, FLOAT_WORDS[0] as number, FLOAT_WORDS[1] as number);
  };
  if (column.type === 'int64') {
    column.values.forEach((value, row) => {
      if (column.valid?.[row] !== 0 && BigInt(Number(value)) === value) visit(row, Number(value));
    });
    return;
  }
  const isBool = column.type === 'bool';
  column.values.forEach((value, row) => {
    if (isBool ? value >= 0 : !Number.isNaN(value)) visit(row, value);
  });
}

const WORDS: Readonly<Record<ColumnType, string>> = {
  float64: 'a number',
  int64: 'a whole number',
  bool: 'a truth value',
  string: 'text',
  timestamp: 'a time',
  list: 'a list',
};

function mismatch(name: string, wanted: string, found: Column): WorkbenchError {
  return new WorkbenchError(
    'FEATURES_INVALID',
    `The join key "${name}" is ${wanted} in the entity rows and ${WORDS[found.type]} in the view's source; nothing would match. Give both the same type.`,
  );
}
