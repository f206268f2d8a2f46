import { beforeAll, describe, expect, it } from 'vitest';
import { testMatrix } from '../training/made-up-table';
import { parseBoosterParams } from '../training/params';
import { trainBooster } from '../training/train';
import type { Booster } from '../training/types';
import { WorkbenchError } from '../utils/errors';
import { readModelFile } from './read-model-file';
import { writeXgboostJson } from './xgboost-json/write';

let booster: Booster;
const bytesOf = (text: string) => new TextEncoder().encode(text);
const refusal = (bytes: Uint8Array): string => {
  try {
    readModelFile(bytes);
  } catch (error) {
    return error instanceof WorkbenchError ? error.message : `other: ${String(error)}`;
  }
  return 'accepted';
};

beforeAll(async () => {
  const params = parseBoosterParams({ max_depth: 2 });
  booster = (await trainBooster({ matrix: testMatrix(100, 3), params, numBoostRound: 2 }, {})).booster;
});

describe('readModelFile', () => {
  it('reads JSON, with a byte-order mark and blanks too', () => {
    const named = { ...booster, featureNames: ['é', '€', '😀'] };
    const text = writeXgboostJson(named);
    for (const written of [text, `\ufeff${text}`, ` \n${text}\n`, text.replace('{', '{ \n')]) {
      expect(readModelFile(bytesOf(written))).toEqual(named);
    }
  });

  it.each<[string, Uint8Array, RegExp]>([
    ['nothing', bytesOf(''), /the file is empty/],
    ['blanks', bytesOf(' \n\t'), /the file is empty/],
    ['a brace', bytesOf('{'), /not the JSON of a model: it expects .* at character 2/],
    ['an empty object', bytesOf('{}'), /learner is missing/],
    ['an empty object of UBJSON', bytesOf('{#i\u0000'), /learner is missing/],
    ['a UBJSON length alone', bytesOf('{L'), /not the UBJSON of a model: it ends within a number/],
    ['JSON that is not UTF-8', Uint8Array.from([...bytesOf('{"a'), 0xff, ...bytesOf('":1}')]), /not UTF-8/],
    ['the old binary format', bytesOf('binf\u0000\u0000'), /old binary format/],
    ['the old binary format as text', bytesOf('bs64\tYm'), /old binary format/],
    ['a pickle', Uint8Array.of(0x80, 4, 0x95, 0), /Python pickle/],
    ['a ZIP archive', Uint8Array.of(0x50, 0x4b, 3, 4), /ZIP archive/],
    ['gzip', Uint8Array.of(0x1f, 0x8b, 8), /gzip/],
    ['LightGBM', bytesOf('tree\nversion=v4'), /LightGBM/],
    ['a picture', Uint8Array.of(0x89, 0x50, 0x4e, 0x47), /neither JSON nor UBJSON.* the bytes 89 50 4e 47/],
    ['a list', bytesOf('[1]'), /neither JSON nor UBJSON/],
    ['too many bytes', new Uint8Array(400_000_001), /has 400000001 bytes, more than the 400000000 this reader takes/],
  ])('%s: is refused with the reason', (_, bytes, message) => expect(refusal(bytes)).toMatch(message));
});
