import { decodeUtf8, Utf8Writer } from '../../data/csv/text';
import type { CategoryValue, FeatureCategories } from '../../training/types';
import { isList, isMap, refuse } from './fields';
import { parseJson, type JsonMap, type JsonValue } from './parse-json';

/** Attribute that carries categories which XGBoost's own field cannot hold. */
export const CATEGORIES_ATTRIBUTE = 'glasshouse_categories';

/** XGBoost's number for a list of 64-bit integers (dmlc/xgboost:include/xgboost/json.h). */
const INT64_LIST = 15;
const ASCII = /^[\x20-\x7e]*$/;
const MOST_CATEGORIES = 100_000;

/**
 * XGBoost's `cats`: the value of each code, by which 3.1 and newer code data frames anew; null where there is nothing to
 * say, or where a text is not plain ASCII. XGBoost 3.2 cuts other texts by their characters and not their bytes when it
 * reads a data frame (`npstr_to_arrow_strarr`), and would then code rows wrongly without a word.
 */
export function categoriesText(categories: FeatureCategories | undefined): string | null {
  if (!categories?.some((values) => values) || !isAscii(categories)) return null;
  const segments = [0];
  for (const values of categories) segments.push((segments.at(-1) ?? 0) + (values?.length ?? 0));
  const enc = categories.map((values = []) =>
    values.length > 0 && values.every((value) => typeof value === 'number')
      ? { type: INT64_LIST, values }
      : textEncoding(values.map(String)),
  );
  return JSON.stringify({ enc, feature_segments: segments, sorted_idx: categories.flatMap(sortedCodes) });
}

/** The same for `CATEGORIES_ATTRIBUTE`, where XGBoost's field cannot hold it. */
export function categoriesAttribute(categories: FeatureCategories | undefined): string | null {
  if (!categories?.some((values) => values) || isAscii(categories)) return null;
  return JSON.stringify(categories.map((values) => values ?? null));
}

function isAscii(categories: FeatureCategories): boolean {
  return categories.every((values = []) => values.every((value) => typeof value === 'number' || ASCII.test(value)));
}

/** As Arrow lays texts out: where each begins, and all their bytes. ASCII only. */
function textEncoding(texts: readonly string[]): object {
  if (texts.length === 0) return { offsets: [], values: [] };
  const offsets = [0];
  for (const text of texts) offsets.push((offsets.at(-1) ?? 0) + text.length);
  return { offsets, values: Array.from(texts.join(''), (letter) => letter.charCodeAt(0)) };
}

/** Codes in the order of their values. */
function sortedCodes(values: readonly CategoryValue[] = []): number[] {
  return [...values.keys()].sort((a, b) => {
    const [left = '', right = ''] = [values[a], values[b]];
    return left < right ? -1 : left > right ? 1 : 0;
  });
}

/** What the model says of its categories; undefined where it says nothing. Texts that are no UTF-8 are left out. */
export function readCategories(model: JsonMap, attributes: JsonMap, features: number): FeatureCategories | undefined {
  const own = attributes.get(CATEGORIES_ATTRIBUTE);
  if (typeof own === 'string') return ownCategories(parseJson(own), features);
  const cats = model.get('cats');
  const enc = entriesOf(isMap(cats) ? cats.get('enc') : undefined);
  if (!enc || enc.length === 0) return undefined;
  const where = 'gradient_booster.model.cats.enc';
  if (enc.length !== features) refuse(where, `has ${enc.length} entries for ${features} features`);
  const categories = enc.map((entry, i) => encodedValues(entry, `${where}[${i}]`));
  return categories.some((values) => values) ? categories : undefined;
}

function ownCategories(value: JsonValue, features: number): FeatureCategories {
  const where = `the attribute ${CATEGORIES_ATTRIBUTE}`;
  const lists = entriesOf(value);
  if (lists?.length !== features) return refuse(where, `is not a list of ${features} entries`);
  return lists.map((entry) => {
    if (entry === null) return undefined;
    const values = entriesOf(entry);
    if (!values || values.length > MOST_CATEGORIES) return refuse(where, 'holds what is no list of categories');
    return distinct(values, where);
  });
}

function encodedValues(entry: JsonValue, where: string): readonly CategoryValue[] | undefined {
  if (!isMap(entry)) return refuse(where, 'is not an object');
  const values = entriesOf(entry.get('values'));
  if (!values) return refuse(`${where}.values`, 'is missing or not a list');
  if (!entry.has('offsets')) return values.length === 0 ? undefined : distinct(values, where);
  const texts = decodedTexts(entry.get('offsets'), values, where);
  return texts === null || texts.length === 0 ? undefined : distinct(texts, where);
}

/** Null for bytes that are no text: XGBoost 3.2 cuts texts beyond ASCII short. */
function decodedTexts(
  offsets: JsonValue | undefined,
  values: readonly JsonValue[],
  where: string,
): readonly string[] | null {
  const bounds = entriesOf(offsets);
  if (!bounds) return refuse(`${where}.offsets`, 'is not a list');
  if (bounds.length > MOST_CATEGORIES) refuse(`${where}.offsets`, `has ${bounds.length} entries`);
  const bytes = Uint8Array.from(values, (value) => (typeof value === 'number' ? value : 0));
  const texts: (string | null)[] = [];
  for (let i = 0; i + 1 < bounds.length; i++) {
    const [begin, end] = [bounds[i], bounds[i + 1]];
    if (typeof begin !== 'number' || typeof end !== 'number' || !(begin >= 0 && begin <= end && end <= bytes.length)) {
      return refuse(`${where}.offsets[${i}]`, 'does not lie within its values');
    }
    texts.push(validText(bytes.subarray(begin, end)));
  }
  return texts.every((text) => text !== null) ? texts : null;
}

/** Null for bytes that are no UTF-8. */
function validText(bytes: Uint8Array): string | null {
  const text = decodeUtf8(bytes, 0, bytes.length);
  const again = new Utf8Writer(bytes.length);
  for (const letter of text) again.write(letter.codePointAt(0) ?? 0);
  const written = again.finish();
  return written.length === bytes.length && written.every((byte, i) => byte === bytes[i]) ? text : null;
}

function distinct(values: readonly JsonValue[], where: string): readonly CategoryValue[] {
  const checked = values.map((value) =>
    typeof value === 'string' || typeof value === 'number' ? value : refuse(where, 'holds a value that is no category'),
  );
  if (new Set(checked).size !== checked.length) refuse(where, 'has the same category twice');
  return checked;
}

/** A list's entries; null for anything else. */
function entriesOf(value: JsonValue | undefined): readonly JsonValue[] | null {
  return isList(value) ? Array.from<JsonValue>(value) : null;
}
