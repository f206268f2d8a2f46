import { z } from './zod';

const metric = z.enum(['roc_auc', 'pr_auc', 'log_loss', 'brier']);
const gap = z.number().gt(0).max(1);

const fairnessGateSchema = z.strictObject({
  metrics: z
    .array(z.enum(['selection_rate', 'tpr', 'fpr', 'precision', 'roc_auc']))
    .min(1)
    .default(['tpr', 'fpr'])
    .describe('What is compared between the groups of each sensitive column.'),
  maximum_gap: gap.optional().describe('Largest difference between two groups.'),
  maximum_increase: z.number().min(0).max(1).optional().describe("How much larger than the champion's it may be."),
});

const calibrationGateSchema = z.strictObject({
  metric: z
    .enum(['ece', 'brier'])
    .default('ece')
    .describe('Expected calibration error over ten equally wide bins, or the Brier score.'),
  maximum: gap.optional().describe('Largest value.'),
  maximum_worsening: z.number().min(0).max(1).optional().describe("How much larger than the champion's it may be."),
});

const slicesGateSchema = z.strictObject({
  metric: metric.default('log_loss').describe('What is measured in each group of each sensitive column.'),
  maximum_worsening: z
    .number()
    .min(0)
    .default(0)
    .describe("How much worse than the champion's a group may get, as a difference in the metric's own direction."),
  minimum_rows: z.int().min(20).default(50).describe('A group with fewer rows is shown and not judged.'),
});

const gatesSchema = z.strictObject({
  significant: z
    .boolean()
    .default(false)
    .describe('Whether the whole 95% interval of the improvement must lie above 0.'),
  fairness: fairnessGateSchema.optional().describe('How far groups may differ.'),
  calibration: calibrationGateSchema.optional().describe('How far probabilities may be from what happens.'),
  slices: slicesGateSchema.optional().describe('Groups that may not get worse.'),
  schema: z
    .enum(['equal', 'superset', 'subset'])
    .optional()
    .describe(
      "The challenger's features and types against the champion's: equal; superset keeps all and may add; subset asks for nothing new.",
    ),
  model_size: z
    .strictObject({ maximum_bytes: z.int().min(1).describe('Most bytes of model.json.') })
    .optional()
    .describe('How large the model may be.'),
  latency: z
    .strictObject({
      maximum_ms: z
        .number()
        .gt(0)
        .describe('Most milliseconds a row, scored one at a time on the machine that judges.'),
    })
    .optional()
    .describe('How long one prediction may take; it is measured, and differs from machine to machine.'),
});

export const promotionSchema = z.strictObject({
  metric: metric
    .default('roc_auc')
    .describe('What a challenger must improve; log_loss and brier are minimised, the others maximised.'),
  minimum_improvement: z.number().min(0).default(0.02).describe('How much better it must be.'),
  improvement: z
    .enum(['relative', 'absolute'])
    .default('relative')
    .describe("Whether that is a share of the champion's value or a difference."),
  approval: z
    .enum(['manual', 'automatic'])
    .default('manual')
    .describe('Whether a person must approve. The first version of a model is exempt.'),
  interval: z
    .enum(['bootstrap', 'delong'])
    .optional()
    .describe(
      'How the interval of the improvement is made: bootstrap (when left out), paired resamples of entities; delong, for roc_auc, which takes rows as independent.',
    ),
  gates: gatesSchema
    .optional()
    .describe('What else must hold. Gates that need no champion hold for the first version too.'),
});
