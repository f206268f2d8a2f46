import { modelMargins, type Model } from '../../training/model';
import type { Platform } from '../platform';
import type { Pair } from '../../registry/gates';

/** Long enough for a clock that counts whole milliseconds. */
const BATCH_MS = 40;
const BATCHES = 3;
const MOST_ROWS = 1 << 20;

/**
 * Milliseconds of one prediction, rows scored one at a time as serving does: the median of three batches. It depends on
 * the machine and on what else it does.
 */
export async function measureLatency(
  platform: Pick<Platform, 'now' | 'pause'>,
  models: { readonly challenger: Model; readonly champion: Model | null },
  /** By model, one row's features. */
  rows: { readonly challenger: readonly Float32Array[]; readonly champion: readonly Float32Array[] },
): Promise<Pair & { readonly how: string }> {
  const of = async (model: Model | null, row: readonly Float32Array[]): Promise<number | null> => {
    if (!model || (row[0]?.length ?? 0) === 0) return null;
    const times: number[] = [];
    for (let batch = 0; batch < BATCHES; batch++) {
      times.push(timeBatch(platform, () => modelMargins(model, row)));
      await platform.pause();
    }
    return times.sort((a, b) => a - b)[1] ?? null;
  };
  return {
    challenger: await of(models.challenger, rows.challenger),
    champion: await of(models.champion, rows.champion),
    how: 'measured on this machine when it was judged: median of 3 batches of single rows',
  };
}

function timeBatch({ now }: Pick<Platform, 'now'>, predict: () => unknown): number {
  for (let count = 16; ; count *= 4) {
    const started = now();
    for (let i = 0; i < count; i++) predict();
    const elapsed = now() - started;
    if (elapsed >= BATCH_MS || count >= MOST_ROWS) return elapsed / count;
  }
}
