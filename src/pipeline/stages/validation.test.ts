import { describe, expect, test } from 'vitest';
import type { Model } from '../../training/model';
import type { PromotionRule } from '../../registry/types';
import { chooseKind } from './validation';

const rule: PromotionRule = {
  metric: 'log_loss',
  minimum_improvement: 0.02,
  improvement: 'relative',
  approval: 'manual',
};

function fitted(kind: Model['kind'], value: number | null, metric: PromotionRule['metric'] = 'log_loss') {
  const validation = value === null ? null : { metric, value, folds: 1, n: 100 };
  return { model: { kind } as Model, validation };
}

describe('which kind of model is registered', () => {
  test('the only one, without a word', () => {
    expect(chooseKind([fitted('xgboost', null)], rule)).toMatchObject({
      chosen: { model: { kind: 'xgboost' } },
      reason: '',
    });
  });

  test('the trees, where another kind is not better by what promotion asks', () => {
    const { chosen, reason } = chooseKind(
      [fitted('xgboost', 0.4), fitted('logistic', 0.5), fitted('mlp', 0.395)],
      rule,
    );
    expect(chosen.model.kind).toBe('xgboost');
    expect(reason).toBe(
      'The multilayer perceptron is 1.3% better than the boosted trees by log loss on validation rows; with 2.0% asked of another kind, the trees are registered.',
    );
  });

  test('the best of those that are', () => {
    const { chosen, reason } = chooseKind(
      [fitted('xgboost', 0.4), fitted('logistic', 0.38), fitted('mlp', 0.37)],
      rule,
    );
    expect(chosen.model.kind).toBe('mlp');
    expect(reason).toContain('7.5% better than the boosted trees by log loss');
  });

  test('in the direction of the metric', () => {
    const auc = { ...rule, metric: 'roc_auc', improvement: 'absolute', minimum_improvement: 0.01 } as const;
    const by = (logistic: number) =>
      chooseKind([fitted('xgboost', 0.9, 'roc_auc'), fitted('logistic', logistic, 'roc_auc')], auc).chosen.model.kind;
    expect([by(0.8), by(0.905), by(0.92)]).toEqual(['xgboost', 'xgboost', 'logistic']);
  });

  test('the trees, where nothing can be compared or a tie costs nothing', () => {
    expect(chooseKind([fitted('xgboost', NaN), fitted('mlp', 0.1)], rule).chosen.model.kind).toBe('xgboost');
    const free = { ...rule, minimum_improvement: 0 };
    expect(chooseKind([fitted('xgboost', 0.4), fitted('mlp', 0.4)], free).chosen.model.kind).toBe('xgboost');
    expect(chooseKind([fitted('xgboost', 0.4), fitted('mlp', 0.3999)], free).chosen.model.kind).toBe('mlp');
  });
});
