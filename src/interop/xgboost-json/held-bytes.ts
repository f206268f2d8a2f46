import { makeRandom } from '../../utils/random';
import { parseBoosterParams } from '../../training/params';
import { trainBooster } from '../../training/train';
import { writeXgboostJson } from './write';

/** SHA-256 of `makeHeldModel`'s text: the same in Node and in every browser. */
export const HELD_DIGEST = '88bbab10638d479f7f078cddd86ea5992461167a70bef53af02c186829bed182';

/** The text of a model trained on a made-up table with sampling and missing values; for tests of equal bytes. */
export async function makeHeldModel(): Promise<string> {
  const random = makeRandom(11, 'held bytes');
  const rows = 3000;
  const columns = Array.from({ length: 6 }, () =>
    Float32Array.from({ length: rows }, () => (random.chance(0.1) ? NaN : random.normal())),
  );
  const labels = Uint8Array.from({ length: rows }, (_, row) => {
    const score = (columns[0]?.[row] || 0) * (columns[1]?.[row] || 1) + (columns[2]?.[row] || 0);
    return score + random.normal() > 0 ? 1 : 0;
  });
  const matrix = { featureNames: columns.map((_, f) => `f${f}`), columns, labels };
  const params = parseBoosterParams({
    max_depth: 6,
    subsample: 0.7,
    colsample_bytree: 0.7,
    eta: 0.15,
    alpha: 0.1,
    seed: 3,
  });
  const { booster } = await trainBooster({ matrix, params, numBoostRound: 30 }, {});
  return writeXgboostJson(booster);
}
