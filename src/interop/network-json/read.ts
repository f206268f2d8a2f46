import { parseNetworkParams } from '../../training/network/params';
import { inputOffsets } from '../../training/network/encode';
import type { DenseLayer, FeatureInputs, NetworkModel, NetworkParams } from '../../training/network/types';
import { WorkbenchError } from '../../utils/errors';
import { parseJson, type JsonValue } from '../xgboost-json/parse-json';
import { Fields, isMap, refuse } from './fields';
import { NETWORK_FORMAT } from './write';

const MOST_CHARACTERS = 400_000_000;
const MOST_FEATURES = 100_000;
const MOST_INPUTS = 10_000_000;
const MOST_CODE = 254;

/**
 * Reads what `writeNetworkJson` writes. Everything is checked first and refused with the reason: unknown and missing
 * keys, sizes that do not fit each other, numbers that are not finite, parameters out of range.
 * `readNetworkJson(writeNetworkJson(model))` equals `model`.
 */
export function readNetworkJson(text: string): NetworkModel {
  if (text.length > MOST_CHARACTERS)
    refuse('the file', `has ${text.length} characters, more than the ${MOST_CHARACTERS} this reader takes`);
  const file = new Fields(parseJson(text), 'the file', [
    'format',
    'kind',
    'objective',
    'params',
    'epochs',
    'features',
    'layers',
  ]);
  const format = file.text('format');
  if (format !== NETWORK_FORMAT) refuse('format', `is "${format.slice(0, 60)}", expected "${NETWORK_FORMAT}"`);
  const objective = file.text('objective');
  if (objective !== 'binary:logistic') refuse('objective', `is "${objective.slice(0, 60)}", expected binary:logistic`);
  const params = readParams(kindOf(file.text('kind')), file.value('params'));
  const { names, features } = readFeatures(file.list('features'));
  return {
    kind: params.kind,
    params,
    featureNames: names,
    features,
    layers: readLayers(file.list('layers'), params, features),
    epochs: file.count('epochs', 1, 100_000),
  };
}

function kindOf(kind: string): NetworkParams['kind'] {
  return kind === 'logistic' || kind === 'mlp'
    ? kind
    : refuse('kind', `is "${kind.slice(0, 60)}", expected logistic or mlp`);
}

function readParams(kind: NetworkParams['kind'], value: JsonValue): NetworkParams {
  if (!isMap(value)) return refuse('params', 'is not an object');
  try {
    return parseNetworkParams(kind, Object.fromEntries(value));
  } catch (error) {
    if (!(error instanceof WorkbenchError)) throw error;
    return refuse('params', `is wrong (${error.message})`);
  }
}

function readFeatures(list: readonly JsonValue[]): { names: string[]; features: FeatureInputs[] } {
  if (list.length === 0 || list.length > MOST_FEATURES)
    refuse('features', `has ${list.length} entries, expected 1 to ${MOST_FEATURES}`);
  const names: string[] = [];
  const features = list.map((entry, i) => {
    const where = `features[${i}]`;
    const kind = isMap(entry) ? entry.get('kind') : undefined;
    const keys =
      kind === 'category'
        ? ['name', 'kind', 'codes', 'shares', 'missing']
        : ['name', 'kind', 'mean', 'scale', 'missing'];
    const fields = new Fields(entry, where, keys);
    names.push(fields.text('name'));
    if (kind === 'category') return readCategory(fields, where);
    return kind === 'number' ? readNumber(fields) : refuse(`${where}.kind`, 'is neither number nor category');
  });
  if (new Set(names).size !== names.length) refuse('features', 'has the same name twice');
  return { names, features };
}

function readNumber(fields: Fields): FeatureInputs {
  return {
    kind: 'number',
    mean: fields.number('mean'),
    scale: fields.number('scale', 'a finite number greater than 0', (value) => value > 0),
    missing: missingOf(fields),
  };
}

function readCategory(fields: Fields, where: string): FeatureInputs {
  const codes = fields.numbers('codes', `a whole number from 0 to ${MOST_CODE}`, (code) => {
    return Number.isInteger(code) && code >= 0 && code <= MOST_CODE;
  });
  if (codes.some((code, i) => i > 0 && code <= (codes[i - 1] as number)))
    refuse(`${where}.codes`, 'are not in ascending order');
  const shares = fields.numbers('shares', 'a share from 0 to 1', isShare);
  if (shares.length !== codes.length)
    refuse(`${where}.shares`, `has ${shares.length} entries, expected ${codes.length}`);
  return { kind: 'category', codes, shares, missing: missingOf(fields) };
}

function missingOf(fields: Fields): number | null {
  return fields.value('missing') === null ? null : fields.number('missing', 'null or a share from 0 to 1', isShare);
}

function isShare(value: number): boolean {
  return value >= 0 && value <= 1;
}

function readLayers(
  list: readonly JsonValue[],
  params: NetworkParams,
  features: readonly FeatureInputs[],
): readonly DenseLayer[] {
  const units = [...(params.kind === 'mlp' ? params.hidden_units : []), 1];
  if (list.length !== units.length) refuse('layers', `has ${list.length} entries, expected ${units.length}`);
  let width = inputOffsets(features)[features.length] as number;
  if (width > MOST_INPUTS) refuse('features', `make ${width} inputs, more than the ${MOST_INPUTS} this reader takes`);
  return list.map((entry, i) => {
    const where = `layers[${i}]`;
    const fields = new Fields(entry, where, ['inputs', 'units', 'biases', 'weights']);
    const own = units[i] as number;
    const layer = {
      inputs: fields.count('inputs', width, width),
      units: fields.count('units', own, own),
      weights: fields.floats('weights', width * own),
      biases: fields.floats('biases', own),
    };
    width = own;
    return layer;
  });
}
