import type { Booster } from '../training/types';
import { utf8Text } from '../utils/utf8';
import { refuse } from './xgboost-json/fields';
import { readXgboostJson, readXgboostModel } from './xgboost-json/read';
import { parseUbjson } from './xgboost-ubjson/parse-ubjson';

const MOST_BYTES = 400_000_000;
const BYTE_ORDER_MARK = '\u00ef\u00bb\u00bf';
const OLD_BINARY = 'is in the old binary format; load it in XGBoost 3.0 and save it as .ubj';

/** Beginnings of other files that people give as models, a character a byte. */
const OTHERS: readonly { readonly begins: string; readonly what: string }[] = [
  { begins: 'binf', what: OLD_BINARY },
  { begins: 'bs64', what: OLD_BINARY },
  { begins: '\u0080', what: 'is a Python pickle; save the model with its save_model method' },
  { begins: 'PK\u0003\u0004', what: 'is a ZIP archive; take the model file out of it' },
  { begins: '\u001f\u008b', what: 'is compressed with gzip; unpack it first' },
  { begins: 'tree\n', what: 'is a LightGBM model; models of XGBoost are read' },
];

/**
 * Reads a model file of XGBoost 1.7 to 3.x, JSON or UBJSON, told apart by content: after the opening brace JSON has a
 * quote, UBJSON the marker of a length. What is supported and what is refused: `readXgboostModel`. At most 400 MB.
 * Throws INTEROP_INVALID, which says where the file is wrong.
 */
export function readModelFile(bytes: Uint8Array): Booster {
  if (bytes.length > MOST_BYTES) {
    refuse('the file', `has ${bytes.length} bytes, more than the ${MOST_BYTES} this reader takes`);
  }
  const begin = startsWith(bytes, BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
  const brace = skipBlanks(bytes, begin);
  if (brace === bytes.length) refuse('the file', 'is empty');
  if (bytes[brace] !== code('{')) refuseOther(bytes);
  const next = bytes[skipBlanks(bytes, brace + 1)];
  if (next !== undefined && next !== code('"') && next !== code('}')) return readXgboostModel(parseUbjson(bytes));
  const text = utf8Text(bytes.subarray(begin));
  return text === null ? refuse('the file', 'is JSON with text that is not UTF-8') : readXgboostJson(text);
}

function refuseOther(bytes: Uint8Array): never {
  const known = OTHERS.find(({ begins }) => startsWith(bytes, begins));
  if (known) refuse('the file', known.what);
  const first = Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return refuse('the file', `is neither JSON nor UBJSON, which begin with "{"; it begins with the bytes ${first}`);
}

function startsWith(bytes: Uint8Array, begins: string): boolean {
  return String.fromCharCode(...bytes.subarray(0, begins.length)) === begins;
}

function skipBlanks(bytes: Uint8Array, at: number): number {
  while (at < bytes.length && ' \t\n\r'.includes(String.fromCharCode(bytes[at] as number))) at++;
  return at;
}

function code(character: string): number {
  return character.charCodeAt(0);
}
