import type { LogisticSettings, MlpSettings } from '../../config/challenger-schema';

/** Parameters of config.yaml; the seed names the random streams of weights, batches and dropout. */
export type NetworkParams =
  | ({ readonly kind: 'logistic'; readonly seed: number } & Readonly<LogisticSettings>)
  | ({ readonly kind: 'mlp'; readonly seed: number } & Readonly<MlpSettings>);

/**
 * How one feature becomes inputs of the first layer, fixed by the training rows. A feature that was missing in some of
 * them has one more input, 1 where it is missing; `missing` is their share, null when there were none.
 */
export type FeatureInputs =
  | {
      readonly kind: 'number';
      /** The input is (x - mean) / scale, 0 where x is missing. */
      readonly mean: number;
      /** Standard deviation (over n) of the values present; 1 where they do not vary. */
      readonly scale: number;
      readonly missing: number | null;
    }
  | {
      readonly kind: 'category';
      /** One input a code seen, ascending; any other code has 0 in all of them. */
      readonly codes: readonly number[];
      /** Share of training rows by code. */
      readonly shares: readonly number[];
      readonly missing: number | null;
    };

/** units = inputs x weights + biases. */
export interface DenseLayer {
  readonly inputs: number;
  readonly units: number;
  /** [inputs * units], the weights of one input side by side. */
  readonly weights: Float32Array;
  /** [units] */
  readonly biases: Float32Array;
}

/**
 * A logistic regression (no hidden layer) or a multilayer perceptron for binary:logistic: everything that prediction
 * needs, plain data. The last layer has one unit, the margin (log-odds).
 */
export interface NetworkModel {
  readonly kind: 'logistic' | 'mlp';
  readonly params: NetworkParams;
  readonly featureNames: readonly string[];
  /** One a feature, in the order of their names. */
  readonly features: readonly FeatureInputs[];
  /** From the inputs to the margin. */
  readonly layers: readonly DenseLayer[];
  /** Epochs trained; with early stopping up to and including the best. */
  readonly epochs: number;
}

/** What a trainer is asked to learn. */
export interface NetworkTask {
  /** [rows * inputs of the first layer], row by row. */
  readonly inputs: Float32Array;
  /** [rows] 0 or 1. */
  readonly labels: Float32Array;
  /** Where the weights begin. */
  readonly layers: readonly DenseLayer[];
  /** Of hidden units. */
  readonly activation: 'relu' | 'tanh';
  /** The gradient of the mean log loss gets l2 x weight. */
  readonly l2: number;
  /** Each step takes learning_rate x weight_decay of a weight away (Loshchilov & Hutter 2019, decoupled). */
  readonly weightDecay: number;
  readonly learningRate: number;
  /** Most rows of one step. */
  readonly batchSize: number;
  readonly backend: NetworkParams['backend'];
}

/** One training under way on a device. Close it, also after an error. */
export interface NetworkSession {
  /** Where it runs. */
  readonly backend: 'cpu' | 'wasm' | 'webgpu';
  /**
   * One step of Adam (beta 0.9 and 0.999, epsilon 1e-7) on the mean log loss of some rows.
   * @param masks one a hidden layer, [rows * units], multiplied with its units; none for no dropout.
   */
  step(rows: Int32Array, masks: readonly Float32Array[]): void;
  /** [rows] of every row, without dropout. */
  margins(): Promise<Float32Array>;
  /** The weights now. */
  layers(): Promise<readonly DenseLayer[]>;
  close(): void;
}

/** The library that trains, filled by platform/tfjs. One session at a time; opening another waits for its end. */
export interface NetworkTrainer {
  open(task: NetworkTask): Promise<NetworkSession>;
}
