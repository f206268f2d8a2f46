import { spaceExpressionSchema } from './space-schema';
import { z } from './zod';

const count = z.int().min(1).max(10000);

const tpeSchema = z.strictObject({
  n_startup_jobs: count.default(20).describe('Trials drawn at random before TPE proposes.'),
  n_EI_candidates: count.default(24).describe('Draws from the density of good trials for each parameter.'),
  gamma: z
    .number()
    .gt(0)
    .max(10)
    .default(0.25)
    .describe('Good trials are the best ceil(gamma * sqrt(trials)), at most 25.'),
  prior_weight: z.number().gt(0).default(1).describe('Weight of the search space itself, beside 1 for a trial.'),
  multivariate: z.boolean().default(false).describe('Parameters are drawn together, as by Optuna, not each by itself.'),
});

const prunerSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('none').describe('No trial is ended early.') }),
  z.strictObject({
    type: z.literal('median').describe('A trial worse than the median of finished ones is ended.'),
    n_startup_trials: z.int().min(0).default(5).describe('Finished trials before any is pruned.'),
    n_warmup_steps: z.int().min(0).default(0).describe('Rounds of a trial before it can be pruned.'),
    interval_steps: z.int().min(1).default(1).describe('Rounds between looks.'),
  }),
  z.strictObject({
    type: z.literal('asha').describe('The best few of each rung go on.'),
    reduction_factor: z.int().min(2).default(4).describe('One trial in so many goes on from each rung.'),
    min_resource: z
      .union([z.literal('auto'), z.int().min(1)])
      .default('auto')
      .describe('Rounds of the first rung; auto is a hundredth of the first finished trial, at least 1.'),
    min_early_stopping_rate: z.int().min(0).default(0).describe('Rungs that are left out at the start.'),
  }),
]);

export const tuningSchema = z.strictObject({
  algorithm: z
    .enum(['tpe', 'random', 'grid'])
    .default('tpe')
    .describe("How configurations are proposed; tpe follows Hyperopt's rules."),
  max_evals: count.default(50).describe('Configurations tried.'),
  timeout: z.number().gt(0).optional().describe('Seconds after which no further configuration is tried.'),
  no_progress: z
    .strictObject({
      trials: z.int().min(1).describe('Configurations in a row without a better loss that end the search.'),
      percent: z.number().min(0).max(100).default(0).describe('A loss better by less than this counts as no progress.'),
    })
    .optional()
    .describe('Ends a search that no longer finds anything better.'),
  loss_threshold: z.number().optional().describe('Ends the search once a loss is at or below it.'),
  parallelism: z
    .int()
    .min(1)
    .max(64)
    .default(4)
    .describe('Configurations judged at a time. What TPE proposes depends on it, and on nothing else of the machine.'),
  grid_points: z.int().min(1).max(1000).default(5).describe('Values that a grid has of a parameter without steps.'),
  tpe: tpeSchema.prefault({}).describe("Settings of TPE, under Hyperopt's names."),
  pruner: prunerSchema.default({ type: 'none' }).describe('Ends trials early whose rounds look bad beside others.'),
  folds: z
    .union([z.literal('auto'), z.int().min(1).max(20)])
    .default('auto')
    .describe('Validation folds inside the training part; 1 is one 20% part; auto is 5 below 5,000 rows, else 1.'),
  space: z
    .record(z.string(), spaceExpressionSchema)
    .default({
      max_depth: { randint: [2, 8] },
      eta: { loguniform: [-3.5, -1.2] },
      min_child_weight: { loguniform: [-0.7, 3] },
      subsample: { uniform: [0.6, 1] },
      colsample_bytree: { uniform: [0.5, 1] },
      lambda: { loguniform: [-1, 2.5] },
    })
    .describe('Parameters to search, in Hyperopt words.'),
});
