import { z } from './zod';

const learningRate = z.number().gt(0).max(1);
const epochs = z.int().min(1).max(100_000).default(100).describe('Most passes over the training rows.');
const backend = z
  .enum(['auto', 'cpu', 'wasm', 'webgpu'])
  .default('auto')
  .describe('Where it is trained; auto is webgpu for large work where the machine has a GPU, else wasm.');

export const logisticParamsSchema = z.strictObject({
  l2: z.number().min(0).default(0.0001).describe('Penalty: l2 / 2 x sum of squared weights, on the mean log loss.'),
  learning_rate: learningRate.default(0.05).describe('Step size of Adam.'),
  batch_size: z.int().min(1).max(1_000_000).default(512).describe('Rows of one step.'),
  epochs,
  backend,
});

export const mlpParamsSchema = z.strictObject({
  hidden_units: z
    .array(z.int().min(1).max(1024))
    .min(1)
    .max(8)
    .default([32])
    .describe('Units of each hidden layer, from the inputs on.'),
  activation: z.enum(['relu', 'tanh']).default('relu').describe('What each hidden unit does to its sum.'),
  dropout: z.number().min(0).lt(1).default(0).describe('Share of hidden units left out at random in each step.'),
  weight_decay: z.number().min(0).default(0.0001).describe('Share of each weight that a step of size 1 takes away.'),
  learning_rate: learningRate.default(0.005).describe('Step size of Adam.'),
  batch_size: z.int().min(1).max(1_000_000).default(256).describe('Rows of one step.'),
  epochs,
  backend,
});

const patience = z
  .int()
  .min(1)
  .optional()
  .describe('Stop when this many epochs bring no better validation loss; as for the trees when left out.');

export const challengerSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('logistic').describe('Logistic regression.'),
    early_stopping_rounds: patience,
    params: logisticParamsSchema.prefault({}).describe('Parameters of the logistic regression.'),
  }),
  z.strictObject({
    type: z.literal('mlp').describe('A network of fully connected layers.'),
    early_stopping_rounds: patience,
    params: mlpParamsSchema.prefault({}).describe('Parameters of the network.'),
  }),
]);

/** A rival of the boosted trees, with defaults filled in. */
export type ChallengerConfig = z.output<typeof challengerSchema>;
export type LogisticSettings = z.output<typeof logisticParamsSchema>;
export type MlpSettings = z.output<typeof mlpParamsSchema>;
