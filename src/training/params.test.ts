import { describe, expect, it } from 'vitest';
import { changedParams, parseBoosterParams } from './params';

const fault = (input: Record<string, unknown>): string => {
  try {
    parseBoosterParams(input);
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
  return 'no fault';
};

describe('parseBoosterParams', () => {
  it("fills in XGBoost's defaults", () => {
    expect(parseBoosterParams({ seed: undefined })).toMatchObject({
      objective: 'binary:logistic',
      eta: 0.3,
      max_depth: 6,
      min_child_weight: 1,
      gamma: 0,
      lambda: 1,
      alpha: 0,
      subsample: 1,
      colsample_bytree: 1,
      max_bin: 256,
      scale_pos_weight: 1,
      booster: 'gbtree',
      tree_method: 'hist',
      max_leaves: 0,
      grow_policy: 'depthwise',
      max_delta_step: 0,
      colsample_bylevel: 1,
      colsample_bynode: 1,
      num_parallel_tree: 1,
      max_cat_to_onehot: 4,
      max_cat_threshold: 64,
      seed: 0,
    });
    expect(parseBoosterParams({ objective: 'count:poisson' }).max_delta_step).toBe(0.7);
  });

  it('takes aliases', () => {
    const params = parseBoosterParams({ learning_rate: 0.1, reg_lambda: 2, reg_alpha: 3, min_split_loss: 4, seed: 7 });
    expect(params).toMatchObject({ eta: 0.1, lambda: 2, alpha: 3, gamma: 4, seed: 7 });
  });

  it.each([
    [{ eta: 0.1, learning_rate: 0.1 }, /eta and learning_rate are the same parameter/],
    [{ max_dept: 3 }, /"max_dept" is not a supported parameter \(did you mean max_depth\?\)/],
    [{ tree_method: 'exact' }, /tree_method is "exact", expected "hist"/],
    [{ updater: 'grow_gpu' }, /"updater" is not a supported parameter/],
    [{ __proto__x: 1 }, /not a supported parameter/],
    [{ eta: 0 }, /eta is 0, expected a number greater than 0 and at most 1/],
    [{ eta: '0.1' }, /eta is "0\.1"/],
    [{ max_depth: 3.5 }, /max_depth is 3\.5, expected a whole number from 0 to 30/],
    [{ max_depth: 0 }, /max_depth and max_leaves are both 0/],
    [{ max_depth: 31 }, /max_depth is 31/],
    [{ subsample: 1.1 }, /subsample is 1\.1/],
    [{ lambda: -1 }, /lambda is -1/],
    [{ max_bin: 512 }, /max_bin is 512, expected a whole number from 2 to 256/],
    [{ base_score: 1 }, /base_score is 1/],
    [{ alpha: NaN }, /alpha is NaN/],
    [{ objective: 'survival:cox' }, /objective is "survival:cox"/],
    [{ objective: 'multi:softprob' }, /needs num_class, at least 2/],
    [{ num_class: 3 }, /binary:logistic has one output/],
    [{ rate_drop: 0.1 }, /rate_drop belongs to booster dart/],
    [{ skip_drop: 0.5, sample_type: 'weighted' }, /skip_drop and sample_type belong to booster dart/],
    [{ normalize_type: 'forest' }, /normalize_type belongs to booster dart; set booster to dart or leave it out/],
    [
      { objective: 'reg:absoluteerror', monotone_constraints: [0, 1] },
      /monotone_constraints cannot be kept with reg:abs/,
    ],
    [{ objective: 'count:poisson', base_score: 0 }, /starts from a mean above 0/],
    [{ seed: -1 }, /seed is -1, expected a whole number at least 0/],
  ])('refuses %o by name', (input, message) => expect(fault(input)).toMatch(message));

  it('reports all faults together', () => {
    const text = fault({ eta: 2, gamm: 1, max_bin: 1 });
    for (const part of ['eta is 2', '"gamm"', 'max_bin is 1']) expect(text).toContain(part);
  });

  it.each([
    {},
    { eta: 0.1, seed: 5 },
    { objective: 'count:poisson' },
    { objective: 'multi:softprob', num_class: 3, grow_policy: 'lossguide', monotone_constraints: [1, 0] },
  ])('gives %o again from what differs from the defaults', (input) => {
    const params = parseBoosterParams(input);
    const changed = changedParams(params);
    expect(Object.keys(changed).sort()).toEqual(Object.keys(input).sort());
    expect(parseBoosterParams(changed)).toEqual(params);
  });
});
