import { expect, test } from 'vitest';
import { parseNetworkParams } from '../../training/network/params';
import { trainNetwork } from '../../training/network/train';
import { predictNetwork } from '../../training/network/predict';
import { makeRandom } from '../../utils/random';
import { tfjsTrainer } from './trainer';

test('xor', async () => {
  const random = makeRandom(3, 'xor');
  const n = 1000;
  const columns = [new Float32Array(n), new Float32Array(n)];
  const labels = new Uint8Array(n);
  for (let i = 0; i < n; i++) {
    const [a, b] = [random.normal(), random.normal()];
    columns[0]![i] = a;
    columns[1]![i] = i % 7 === 0 ? NaN : b;
    labels[i] = a > 0 !== b > 0 ? 1 : 0;
  }
  const matrix = { featureNames: ['a', 'b'], columns, labels };
  const rows = Int32Array.from({ length: 800 }, (_, i) => i);
  const validationRows = Int32Array.from({ length: 200 }, (_, i) => i + 800);
  const trainer = tfjsTrainer();
  for (const kind of ['logistic', 'mlp'] as const) {
    const t = performance.now();
    const r = await trainNetwork(
      {
        matrix,
        rows,
        validationRows,
        params: parseNetworkParams(kind, { backend: 'cpu' }),
        earlyStoppingRounds: 10,
        trainer,
      },
      {},
    );
    console.log(kind, r.bestIteration, r.history['validation']!['logloss']![r.bestIteration], performance.now() - t);
    const ours = predictNetwork(
      r.model,
      columns.map((c) => c.slice(800)),
    );
    console.log(Math.max(...ours.map((m, i) => Math.abs(m - r.validationMargins[i]!))));
  }
});
