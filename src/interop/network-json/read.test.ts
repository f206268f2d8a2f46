import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { WorkbenchError } from '../../utils/errors';
import { parseNetworkParams } from '../../training/network/params';
import type { NetworkModel } from '../../training/network/types';
import { readModel, writeModel } from '../model-file';
import { readNetworkJson } from './read';
import { writeNetworkJson } from './write';

const finite = fc.float({ noNaN: true, noDefaultInfinity: true });

function modelOf(values: readonly number[], seed = 4): NetworkModel {
  const at = (i: number) => values[i % Math.max(values.length, 1)] ?? 0;
  return {
    kind: 'mlp',
    params: parseNetworkParams('mlp', { hidden_units: [2], dropout: 0.25, seed }),
    featureNames: ['age', 'a "quoted" \\ name, ß', '__proto__'],
    features: [
      { kind: 'number', mean: at(0) + 0, scale: Math.abs(at(1)) + 0.1, missing: null },
      { kind: 'category', codes: [0, 3], shares: [0.25, 0.5], missing: 0.25 },
      { kind: 'number', mean: 0.1 + 0.2, scale: 1 / 3, missing: 0.125 },
    ],
    layers: [
      {
        inputs: 6,
        units: 2,
        weights: Float32Array.from({ length: 12 }, (_, i) => at(i)),
        biases: Float32Array.of(at(2), -0),
      },
      { inputs: 2, units: 1, weights: Float32Array.of(at(3), at(4)), biases: Float32Array.of(at(5)) },
    ],
    epochs: 7,
  };
}

// A mean has no sign at 0: what is taken away is the same.
test('what is written reads back the same, bit for bit', () => {
  fc.assert(
    fc.property(fc.array(finite, { minLength: 1, maxLength: 12 }), fc.nat(), (values, seed) => {
      const model = modelOf(values, seed);
      const text = writeModel(model);
      const read = readModel(text);
      expect(read).toEqual(model);
      expect(writeModel(read)).toBe(text);
    }),
  );
});

test('a file with other blanks is read, and any file that is none is refused with a sentence', () => {
  const model = modelOf([1, 2.5]);
  expect(readModel(JSON.stringify(JSON.parse(writeNetworkJson(model)), null, 2))).toEqual({
    ...model,
    layers: model.layers.map((layer) => ({ ...layer, biases: layer.biases.map((bias) => bias + 0) })),
  });
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(() => readNetworkJson(text)).toThrow(WorkbenchError);
    }),
  );
});

type Json = Record<string, unknown>;

describe('refused with what is wrong', () => {
  const changed = (change: (file: { features: Json[]; layers: Json[]; params: Json } & Json) => void): string => {
    const file = JSON.parse(writeNetworkJson(modelOf([1, 2, 3])));
    change(file);
    return JSON.stringify(file);
  };

  test.each<[string, Parameters<typeof changed>[0], RegExp]>([
    ['another version', (file) => (file['format'] = 'glasshouse.network/2'), /format is "glasshouse.network\/2"/],
    ['another kind', (file) => (file['kind'] = 'svm'), /kind is "svm", expected logistic or mlp/],
    ['another objective', (file) => (file['objective'] = 'reg:squarederror'), /objective is "reg:squarederror"/],
    ['an unknown key', (file) => (file['code'] = 'alert(1)'), /the file has the key "code"/],
    ['no layers', (file) => Reflect.deleteProperty(file, 'layers'), /the file has no layers/],
    ['a layer too many', (file) => file.layers.push({}), /layers has 3 entries, expected 2/],
    [
      'a layer too wide',
      (file) => (file.layers[0]!['inputs'] = 7),
      /layers\[0\]\.inputs is 7, expected .* from 6 to 6/,
    ],
    ['a weight missing', (file) => (file.layers[0]!['weights'] = [1]), /weights has 1 numbers, expected 12/],
    ['a weight beyond float32', (file) => (file.layers[1]!['biases'] = [1e39]), /biases\[0\] is 1e\+39/],
    ['a weight in words', (file) => (file.layers[1]!['biases'] = ['1']), /biases\[0\] is 1, expected a finite 32-bit/],
    ['a scale of nothing', (file) => (file.features[0]!['scale'] = 0), /features\[0\]\.scale is 0/],
    ['a share over 1', (file) => (file.features[1]!['missing'] = 2), /features\[1\]\.missing is 2/],
    ['codes out of order', (file) => (file.features[1]!['codes'] = [3, 0]), /codes are not in ascending order/],
    ['shares too few', (file) => (file.features[1]!['shares'] = [1]), /shares has 1 entries, expected 2/],
    ['a name twice', (file) => (file.features[2]!['name'] = 'age'), /features has the same name twice/],
    ['parameters unknown', (file) => (file.params['gamma'] = 1), /params is wrong .*gamma/],
    ['units that do not fit', (file) => (file.params['hidden_units'] = [3]), /layers\[0\]\.units is 2/],
    ['no epochs', (file) => (file['epochs'] = 0), /epochs is 0/],
  ])('%s', (_name, change, says) => {
    expect(() => readModel(changed(change))).toThrow(says);
    expect(() => readModel(changed(change))).toThrow(/^This model file cannot be read/);
  });
});
