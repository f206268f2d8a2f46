import type { ScalarType } from '../../utils/columns';
import { isMissing, lastNumber, parseBool, parseInt64, parseNumber } from './cells';
import { hasZone, parseTimestamp } from './timestamps';

const DOT = 0x2e;
const COMMA = 0x2c;

const INTEGER = 1;
const DOT_NUMBER = 2;
const COMMA_NUMBER = 4;
const BOOL = 8;
const TIME = 16;
const NUMBERS = INTEGER | DOT_NUMBER | COMMA_NUMBER;

/** Which types every value seen so far would fit. */
export class ColumnGuess {
  present = 0;
  /** Values that are numbers with either decimal mark. */
  numbers = 0;
  /** Values with a fraction after a dot, and after a comma. */
  dotFractions = 0;
  commaFractions = 0;
  /** 0-based row of the first value that is no number; -1 when there is none. */
  firstText = -1;
  /** 0-based row of the first time with a zone, and of the first without; -1 when there is none. */
  firstZoned = -1;
  firstWithoutZone = -1;
  #fits = NUMBERS | BOOL | TIME;

  observe(bytes: Uint8Array, start: number, end: number, row: number): void {
    if (isMissing(bytes, start, end)) return;
    this.present++;
    if (this.#observeNumber(bytes, start, end)) {
      this.numbers++;
    } else {
      this.#fits &= ~NUMBERS;
      if (this.firstText < 0) this.firstText = row;
    }
    if ((this.#fits & BOOL) !== 0 && parseBool(bytes, start, end) < 0) this.#fits &= ~BOOL;
    if ((this.#fits & TIME) !== 0) this.#observeTime(bytes, start, end, row);
  }

  #observeTime(bytes: Uint8Array, start: number, end: number, row: number): void {
    if (Number.isNaN(parseTimestamp(bytes, start, end))) {
      this.#fits &= ~TIME;
    } else if (hasZone(bytes, start, end)) {
      if (this.firstZoned < 0) this.firstZoned = row;
    } else if (this.firstWithoutZone < 0) {
      this.firstWithoutZone = row;
    }
  }

  #observeNumber(bytes: Uint8Array, start: number, end: number): boolean {
    const first = bytes[start] ?? 0;
    if (first > 0x39 || first < 0x2b || first === 0x2f) return false;
    const value = parseNumber(bytes, start, end, DOT);
    if (!Number.isNaN(value)) {
      if (lastNumber.integer) return parseInt64(bytes, start, end, value) !== null;
      this.#fits &= ~INTEGER;
      if (lastNumber.fraction) {
        this.dotFractions++;
        this.#fits &= ~COMMA_NUMBER;
      }
      return true;
    }
    if (Number.isNaN(parseNumber(bytes, start, end, COMMA))) return false;
    this.commaFractions++;
    this.#fits &= ~(INTEGER | DOT_NUMBER);
    return true;
  }

  /** True when all values are numbers under one decimal mark only, because of their fractions. */
  needs(decimal: '.' | ','): boolean {
    return decimal === '.'
      ? (this.#fits & DOT_NUMBER) !== 0 && this.dotFractions > 0
      : (this.#fits & COMMA_NUMBER) !== 0 && this.commaFractions > 0;
  }

  /** A column without any value is float64. */
  type(decimal: '.' | ','): ScalarType {
    if (this.present === 0) return 'float64';
    if ((this.#fits & INTEGER) !== 0) return 'int64';
    if ((this.#fits & (decimal === '.' ? DOT_NUMBER : COMMA_NUMBER)) !== 0) return 'float64';
    if ((this.#fits & BOOL) !== 0) return 'bool';
    return (this.#fits & TIME) !== 0 ? 'timestamp' : 'string';
  }
}

/** The mark that more columns need; the dot when equal, and where commas separate columns. */
export function guessDecimal(guesses: readonly ColumnGuess[], delimiter: string): '.' | ',' {
  if (delimiter === ',') return '.';
  const needing = (decimal: '.' | ',') => guesses.filter((guess) => guess.needs(decimal)).length;
  return needing(',') > needing('.') ? ',' : '.';
}
