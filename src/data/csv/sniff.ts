import type { CsvDelimiter } from '../types';
import { RowScanner } from './scanner';

/** In order of preference where two fit equally well. */
const DELIMITERS: readonly CsvDelimiter[] = [',', ';', '\t', '|'];
const SAMPLE_BYTES = 1 << 18;
const SAMPLE_ROWS = 200;

export interface Sniffed {
  readonly delimiter: CsvDelimiter;
  /** Where the header starts: after a line "sep=;" that Excel writes, else 0. */
  readonly start: number;
}

/**
 * The delimiter under which the first 200 rows have the header's number of fields most often; with equal shares, the
 * one that makes more fields.
 */
export function sniffDelimiter(bytes: Uint8Array): Sniffed {
  const declared = separatorLine(bytes);
  if (declared) return declared;
  const sample = bytes.subarray(0, SAMPLE_BYTES);
  let best: Sniffed = { delimiter: ',', start: 0 };
  let bestScore = 0;
  for (const delimiter of DELIMITERS) {
    const score = scoreOf(sample, delimiter.charCodeAt(0), sample.length < bytes.length);
    if (score > bestScore) {
      best = { delimiter, start: 0 };
      bestScore = score;
    }
  }
  return best;
}

function separatorLine(bytes: Uint8Array): Sniffed | null {
  const line = String.fromCharCode(...bytes.subarray(0, 7));
  const match = /^sep=([,;\t|])(\r\n|\n|\r)/i.exec(line);
  const delimiter = DELIMITERS.find((candidate) => candidate === match?.[1]);
  return match && delimiter ? { delimiter, start: match[0].length } : null;
}

/** Share of rows as wide as the header, then a small bonus for width; 0 when the header is one field. */
function scoreOf(sample: Uint8Array, delimiter: number, cut: boolean): number {
  const scanner = new RowScanner(sample, delimiter, 1);
  if (!scanner.next() || scanner.count < 2) return 0;
  const width = scanner.count;
  let rows = 0;
  let fitting = 0;
  while (rows < SAMPLE_ROWS && scanner.next()) {
    if (cut && scanner.position >= sample.length) break;
    rows++;
    if (scanner.count === width) fitting++;
  }
  const share = rows === 0 ? 1 : fitting / rows;
  return share + 0.01 + Math.min(width, 1000) * 1e-6 - (scanner.fault ? 0.5 : 0);
}
