import {
  add,
  customGrad,
  dispose,
  gather,
  matMul,
  mul,
  relu,
  sigmoid,
  slice,
  sub,
  sum,
  tanh,
  tensor1d,
  tensor2d,
  tidy,
  train,
  variable,
  variableGrads,
  type NamedTensorMap,
  type Optimizer,
  type Tensor,
  type Tensor2D,
  type Variable,
} from '@tensorflow/tfjs';
import type { DenseLayer, NetworkSession, NetworkTask } from '../../training/network/types';

const FORWARD_ROWS = 65_536;
const [BETA1, BETA2, EPSILON] = [0.9, 0.999, 1e-7];

interface Trained {
  readonly shape: DenseLayer;
  readonly weights: Variable;
  readonly biases: Variable;
}

/** One training in TensorFlow.js: its tensors live on the backend that is current while the session is open. */
export class TfjsSession implements NetworkSession {
  readonly backend: NetworkSession['backend'];
  readonly #task: NetworkTask;
  readonly #inputs: Tensor2D;
  readonly #labels: Tensor2D;
  readonly #layers: readonly Trained[];
  readonly #optimizer: Optimizer;
  readonly #closed: () => void;

  constructor(task: NetworkTask, backend: NetworkSession['backend'], closed: () => void) {
    this.backend = backend;
    this.#task = task;
    this.#closed = closed;
    const rows = task.labels.length;
    this.#inputs = tensor2d(task.inputs, [rows, task.inputs.length / rows]);
    this.#labels = tensor2d(task.labels, [rows, 1]);
    this.#layers = task.layers.map((shape) => ({
      shape,
      weights: tidy(() => variable(tensor2d(shape.weights, [shape.inputs, shape.units]))),
      biases: tidy(() => variable(tensor1d(shape.biases))),
    }));
    this.#optimizer = train.adam(task.learningRate, BETA1, BETA2, EPSILON);
  }

  step(rows: Int32Array, masks: readonly Float32Array[]): void {
    const { l2, weightDecay, learningRate } = this.#task;
    tidy(() => {
      const picked = tensor1d(rows, 'int32');
      const inputs = gather(this.#inputs, picked);
      const labels = gather(this.#labels, picked);
      const { grads } = variableGrads(() => meanLogLoss(this.#forward(inputs, masks), labels), this.#variables());
      if (l2 > 0) for (const { weights } of this.#layers) addTo(grads, weights, mul(weights, l2));
      this.#optimizer.applyGradients(grads);
      const kept = 1 - learningRate * weightDecay;
      if (kept < 1) for (const { weights } of this.#layers) weights.assign(mul(weights, kept));
    });
  }

  async margins(): Promise<Float32Array> {
    const rows = this.#task.labels.length;
    const margins = new Float32Array(rows);
    for (let from = 0; from < rows; from += FORWARD_ROWS) {
      const size = Math.min(FORWARD_ROWS, rows - from);
      const part = tidy(() => this.#forward(slice(this.#inputs, [from, 0], [size, -1]), []));
      margins.set(await part.data<'float32'>(), from);
      part.dispose();
    }
    return margins;
  }

  async layers(): Promise<readonly DenseLayer[]> {
    const copied: DenseLayer[] = [];
    for (const { shape, weights, biases } of this.#layers) {
      copied.push({
        inputs: shape.inputs,
        units: shape.units,
        weights: Float32Array.from(await weights.data<'float32'>()),
        biases: Float32Array.from(await biases.data<'float32'>()),
      });
    }
    return copied;
  }

  close(): void {
    dispose([this.#inputs, this.#labels, ...this.#variables()]);
    this.#optimizer.dispose();
    this.#closed();
  }

  #variables(): Variable[] {
    return this.#layers.flatMap(({ weights, biases }) => [weights, biases]);
  }

  /** Margins [rows, 1] of inputs [rows, inputs]. */
  #forward(inputs: Tensor, masks: readonly Float32Array[]): Tensor {
    const last = this.#layers.length - 1;
    return this.#layers.reduce((values, { weights, biases, shape }, i) => {
      const sums = add(matMul(values, weights), biases);
      if (i === last) return sums;
      const units = this.#task.activation === 'tanh' ? tanh(sums) : relu(sums);
      const mask = masks[i];
      return mask ? mul(units, tensor2d(mask, [mask.length / shape.units, shape.units])) : units;
    }, inputs);
  }
}

function addTo(grads: NamedTensorMap, weights: Variable, penalty: Tensor): void {
  const own = grads[weights.name];
  if (own) grads[weights.name] = add(own, penalty);
}

/**
 * Mean log loss by its gradient alone, (p - y) / rows: the value is never read (losses are measured over whole sets, in
 * float64), so the logarithms, whose last bit differs between engines, are spared.
 */
function meanLogLoss(margins: Tensor, labels: Tensor): Tensor<never> {
  const loss = customGrad((...args) => {
    const [logits, save] = args as unknown as [Tensor, (saved: Tensor[]) => void];
    const residuals = sub(sigmoid(logits), labels);
    save([residuals]);
    return {
      value: sum(residuals),
      gradFunc: (dy: Tensor, saved: Tensor[]) => mul(dy, mul(saved[0] ?? residuals, 1 / (labels.shape[0] ?? 1))),
    };
  });
  return loss(margins) as Tensor<never>;
}
