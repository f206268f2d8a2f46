import { challengerSchema } from './challenger-schema';
import { promotionSchema } from './promotion-schema';
import { tuningSchema } from './tuning-schema';
import { z } from './zod';

const positive = z.number().positive();
const share = z.number().gt(0).lt(1);
const days = z.number().int().positive();
const name = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,62}$/, 'lower-case letters, digits and underscores, a letter first, at most 63 characters');

export const boosterParamsSchema = z.strictObject({
  booster: z.enum(['gbtree', 'dart']).default('gbtree').describe('dart drops trees while it learns.'),
  tree_method: z.literal('hist').default('hist').describe('How splits are searched.'),
  objective: z
    .enum([
      'binary:logistic',
      'reg:logistic',
      'reg:squarederror',
      'reg:absoluteerror',
      'reg:quantileerror',
      'count:poisson',
      'multi:softprob',
      'multi:softmax',
      'rank:ndcg',
      'rank:pairwise',
    ])
    .default('binary:logistic')
    .describe('What is learned.'),
  num_class: z.int().min(0).max(1000).default(0).describe('multi:*: number of classes.'),
  quantile_alpha: share.default(0.5).describe('reg:quantileerror: the quantile that is learned.'),
  eta: z.number().gt(0).max(1).default(0.3).describe('Step size of each tree.'),
  max_depth: z.int().min(0).max(30).default(6).describe('Deepest level of a tree; 0 for no limit.'),
  max_leaves: z.int().min(0).max(65536).default(0).describe('Most leaves of a tree; 0 for no limit.'),
  grow_policy: z
    .enum(['depthwise', 'lossguide'])
    .default('depthwise')
    .describe('Whether nodes are split level by level or by greatest gain.'),
  min_child_weight: z.number().min(0).default(1).describe('Smallest sum of hessians in a child.'),
  gamma: z.number().min(0).default(0).describe('Smallest gain that makes a split.'),
  lambda: z.number().min(0).default(1).describe('L2 penalty on leaf weights.'),
  alpha: z.number().min(0).default(0).describe('L1 penalty on leaf weights.'),
  max_delta_step: z
    .number()
    .min(0)
    .optional()
    .describe('Largest size of a leaf weight; 0 for no limit. Left out: 0.7 for count:poisson, else 0.'),
  subsample: z.number().gt(0).max(1).default(1).describe('Share of rows drawn for each tree.'),
  colsample_bytree: z.number().gt(0).max(1).default(1).describe('Share of columns drawn for each tree.'),
  colsample_bylevel: z.number().gt(0).max(1).default(1).describe('Share of these drawn for each level.'),
  colsample_bynode: z.number().gt(0).max(1).default(1).describe('Share of these drawn for each node.'),
  num_parallel_tree: z.int().min(1).max(1000).default(1).describe('Trees grown at once each round.'),
  monotone_constraints: z
    .array(z.int().min(-1).max(1))
    .optional()
    .describe('By feature: 1 never falls, -1 never rises with it, 0 is free.'),
  interaction_constraints: z
    .array(z.array(z.int().min(0)).min(1))
    .optional()
    .describe('Groups of features, by number, that may meet on one path.'),
  max_cat_to_onehot: z.int().min(1).default(4).describe('Fewer categories than this are split one against the rest.'),
  max_cat_threshold: z.int().min(1).default(64).describe('Most categories that a partition looks at.'),
  rate_drop: z.number().min(0).max(1).default(0).describe('dart: share of trees dropped.'),
  skip_drop: z.number().min(0).max(1).default(0).describe('dart: probability that a round drops none.'),
  one_drop: z
    .union([z.literal(0), z.literal(1)])
    .default(0)
    .describe('dart: 1 drops at least one tree.'),
  sample_type: z.enum(['uniform', 'weighted']).default('uniform').describe('dart: how dropped trees are drawn.'),
  normalize_type: z.enum(['tree', 'forest']).default('tree').describe('dart: how new trees are weighed.'),
  lambdarank_pair_method: z.enum(['topk', 'mean']).default('topk').describe('rank:*: which pairs are compared.'),
  lambdarank_num_pair_per_sample: z.int().min(1).optional().describe('rank:*: pairs a row, or the depth of topk.'),
  lambdarank_normalization: z.boolean().default(true).describe('rank:*: gradients are normalised by query.'),
  lambdarank_score_normalization: z.boolean().default(true).describe('rank:*: pairs are weighed by score distance.'),
  ndcg_exp_gain: z.boolean().default(true).describe('rank:ndcg: gain is 2^label - 1, else the label.'),
  max_bin: z.int().min(2).max(256).default(256).describe('Most bins of a column.'),
  scale_pos_weight: positive.default(1).describe('Weight of positive rows.'),
  base_score: z.number().optional().describe('Prediction to start from; estimated from the labels when left out.'),
});

export const trainingSchema = z.strictObject({
  holdout: share
    .default(0.2)
    .describe('Share of entities held out for judging; neither tuning nor early stopping sees them.'),
  split_seed: z.int().min(0).optional().describe('Seed of the split; the run seed when left out.'),
  num_boost_round: z.int().min(1).max(10000).default(200).describe('Most trees.'),
  early_stopping_rounds: z
    .int()
    .min(1)
    .default(20)
    .describe('Stop when this many rounds bring no better validation loss.'),
  retrain_window_days: days.default(120).describe('Retraining learns from this many days before the judging window.'),
  params: boosterParamsSchema
    .extend({
      objective: z.literal('binary:logistic').default('binary:logistic').describe('What is learned.'),
      base_score: share.optional().describe('Probability to start from; the mean label when left out.'),
    })
    .prefault({})
    .describe('XGBoost parameters; the tuner replaces those in its search space.'),
  challengers: z
    .array(challengerSchema)
    .max(8)
    .default([])
    .describe(
      'Other kinds of model, trained on the same rows and features. One that beats the trees on validation rows by minimum_improvement is registered instead.',
    ),
});

export const driftTestSchema = z.strictObject({
  numeric: z.enum(['ks', 'jensenshannon']).default('ks').describe('Test that decides for numbers.'),
  categorical: z.literal('jensenshannon').default('jensenshannon').describe('Test that decides for categories.'),
  p_value: share.default(0.05).describe('KS: drifted when the adjusted p-value is at or below this ...'),
  minimum_effect: z.number().min(0).max(1).default(0.1).describe('... and the D statistic is at least this.'),
  distance: z
    .number()
    .gt(0)
    .max(1)
    .default(0.1)
    .describe('Jensen-Shannon distance (base 2) from which a column has drifted.'),
  drift_share: z
    .number()
    .gt(0)
    .max(1)
    .default(0.5)
    .describe('Share of drifted columns from which the data set has drifted.'),
  prediction_change: share
    .default(0.1)
    .describe('Change of the share predicted high-risk from which predictions have drifted.'),
  target_change: share.default(0.1).describe('Change of prevalence from which the target has drifted.'),
});

export const scheduleSchema = z.strictObject({
  name: z.string().min(1).describe('Shown on the page.'),
  check: z.enum(['dataset_drift', 'prediction_drift', 'bias_audit']).describe('What is run.'),
  every_days: days.describe('How often, on the simulated clock.'),
  window_days: days.describe('How far back the current window reaches.'),
});

export const modelSchema = z.strictObject({
  name: name.describe('Folder name and registered name.'),
  title: z.string().min(1).describe('Shown on the page.'),
  description: z.string().default('').describe('One or two sentences for people.'),
  type: z.literal('xgboost').default('xgboost').describe('Kind of model.'),
  rows: z.int().min(1000).max(5_000_000).default(30000).describe('Visits generated when a run does not say.'),
  entity: z.string().min(1).describe('Join key of the entity.'),
  label: z
    .strictObject({
      column: z.string().min(1).describe('Column that holds the outcome.'),
      positive: z
        .string()
        .min(1)
        .default('== 1')
        .describe('What counts as positive: == v, != v, > v, >= v, < v, <= v, or in [a, b].'),
    })
    .describe('What is predicted.'),
  features: z
    .array(z.string().regex(/^[^:]+:[^:]+$/, 'a feature as view:feature'))
    .min(1)
    .describe('view:feature, in the order the model is trained on.'),
  point_in_time: z
    .enum(['leak_safe', 'feast'])
    .default('leak_safe')
    .describe('leak_safe: a value counts once it was recorded; feast: once it had happened, whenever it was recorded.'),
  sensitive: z.array(z.string()).default([]).describe('Columns whose groups are compared.'),
  maximum_gap: share.default(0.1).describe('Gap between groups from which a metric gets a warning.'),
  threshold: share
    .optional()
    .describe(
      'Probability from which precision, recall and confusion count a positive; risk_bands.high when left out.',
    ),
  training: trainingSchema.prefault({}).describe('Split and boosting.'),
  tuning: tuningSchema.prefault({}).describe('Search over parameters.'),
  promotion: promotionSchema.prefault({}).describe('When a challenger becomes champion.'),
  risk_bands: z
    .strictObject({
      medium: share.default(0.2).describe('Probability from which risk is medium.'),
      high: share.default(0.5).describe('Probability from which risk is high.'),
    })
    .prefault({})
    .describe('Names for probabilities.'),
  drift: driftTestSchema.prefault({}).describe('Drift tests and their thresholds.'),
  schedules: z
    .array(scheduleSchema)
    .default([
      { name: 'Weekly dataset drift', check: 'dataset_drift', every_days: 7, window_days: 7 },
      { name: 'Monthly prediction drift', check: 'prediction_drift', every_days: 30, window_days: 30 },
      { name: 'Quarterly bias audit', check: 'bias_audit', every_days: 91, window_days: 91 },
    ])
    .describe('Checks that fall due as the simulated clock moves.'),
});

export const configSchema = z.strictObject({
  version: z.literal(1).describe('Version of this format.'),
  seed: z.int().min(0).max(4294967295).default(7).describe('Seed of a run that does not name one.'),
  models: z.array(modelSchema).min(1).describe('One entry a model.'),
});

export type Config = z.infer<typeof configSchema>;
export type ModelConfig = z.infer<typeof modelSchema>;
export type DriftTestConfig = z.infer<typeof driftTestSchema>;
export type ScheduleConfig = z.infer<typeof scheduleSchema>;

/** Probability from which a row is predicted positive. */
export function decisionThreshold({ threshold, risk_bands }: Pick<ModelConfig, 'threshold' | 'risk_bands'>): number {
  return threshold ?? risk_bands.high;
}

/** Training parameters with defaults filled in. */
export type BoosterSettings = z.output<typeof boosterParamsSchema>;
