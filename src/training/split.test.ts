import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldsByEntity, keyHash, splitByEntity } from './split';

/** Rows of 40..80 entities with repeated visits; both classes are common. */
const visits = fc
  .record({
    entities: fc.integer({ min: 40, max: 80 }),
    picks: fc.array(fc.tuple(fc.nat(1000), fc.boolean()), { minLength: 200, maxLength: 300 }),
  })
  .map(({ entities, picks }) => {
    const base = Array.from({ length: entities }, (_, i) => [`p${i}`, i % 2] as const);
    const extra = picks.map(
      ([pick, positive]) => [`p${pick % entities}`, positive && (pick % entities) % 2 ? 1 : 0] as const,
    );
    const rows = [...base, ...extra];
    return { keys: rows.map(([key]): string => key), labels: Uint8Array.from(rows, ([, label]) => label) };
  });
const seeds = fc.nat(1_000_000);

const keysOf = (rows: Int32Array, keys: readonly string[]) => new Set([...rows].map((row) => keys[row] ?? ''));

describe('splitByEntity', () => {
  it('covers every row once, shares no entity, holds out the share of each class', () => {
    fc.assert(
      fc.property(visits, seeds, fc.constantFrom(0.1, 0.2, 0.5), ({ keys, labels }, seed, holdout) => {
        const split = splitByEntity({ labels, keys, seed, holdout });
        expect([...split.trainRows, ...split.holdoutRows].sort((a, b) => a - b)).toEqual([...keys.keys()]);
        const [train, held] = [keysOf(split.trainRows, keys), keysOf(split.holdoutRows, keys)];
        expect([...train].filter((key) => held.has(key))).toEqual([]);
        const positives = new Set(keys.filter((_, row) => labels[row] === 1));
        for (const isPositive of [true, false]) {
          const all = [...new Set(keys)].filter((key) => positives.has(key) === isPositive).length;
          expect([...held].filter((key) => positives.has(key) === isPositive)).toHaveLength(
            Math.max(1, Math.round(all * holdout)),
          );
        }
        expect(split.trainKeyHashes).toEqual([...train].map(keyHash).sort());
      }),
      { numRuns: 50 },
    );
  });

  it('depends on the seed and not on the order of rows', () => {
    fc.assert(
      fc.property(visits, seeds, ({ keys, labels }, seed) => {
        const there = splitByEntity({ labels, keys, seed, holdout: 0.2 });
        const back = splitByEntity({
          labels: labels.slice().reverse(),
          keys: keys.slice().reverse(),
          seed,
          holdout: 0.2,
        });
        expect(back.trainKeyHashes).toEqual(there.trainKeyHashes);
        expect(splitByEntity({ labels, keys, seed: seed + 1, holdout: 0.2 }).trainKeyHashes).not.toEqual(
          there.trainKeyHashes,
        );
      }),
      { numRuns: 20 },
    );
  });

  it('remembers entities by the first 16 hex digits of SHA-256', () => {
    expect(keyHash('abc')).toBe('ba7816bf8f01cfea');
  });

  it.each([
    [[1, 1, 1], ['a', 'b', 'c'], /All 3 labelled rows are positive/],
    [[0, 0, 0], ['a', 'b', 'c'], /All 3 labelled rows are negative/],
    [[1, 0, 0], ['a', 'b', 'c'], /only 1 entity with a positive outcome/],
    [[1, 1, 0], ['a', 'b', 'c'], /only 1 entity with only negative outcomes/],
    [[1, 0], ['a'], /2 labels for 1 entity keys/],
  ])('refuses labels %o of entities %o', (labels, keys, message) => {
    expect(() => splitByEntity({ labels: Uint8Array.from(labels), keys, seed: 1, holdout: 0.2 })).toThrow(message);
  });
});

describe('foldsByEntity', () => {
  it('validates every row once, shares no entity, keeps classes even', () => {
    fc.assert(
      fc.property(visits, seeds, fc.integer({ min: 2, max: 6 }), ({ keys, labels }, seed, folds) => {
        const parts = foldsByEntity({ labels, keys, seed, folds });
        expect(parts.flatMap(({ validation }) => [...validation]).sort((a, b) => a - b)).toEqual([...keys.keys()]);
        const positives = new Set(keys.filter((_, row) => labels[row] === 1));
        const counts = parts.map(({ train, validation }) => {
          expect(train.length + validation.length).toBe(keys.length);
          const held = keysOf(validation, keys);
          expect([...keysOf(train, keys)].filter((key) => held.has(key))).toEqual([]);
          return [...held].filter((key) => positives.has(key)).length;
        });
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
      }),
      { numRuns: 30 },
    );
  });

  it('makes one fifth the validation part when one fold is asked for', () => {
    const keys = Array.from({ length: 100 }, (_, i) => `k${i}`);
    const labels = Uint8Array.from(keys, (_, i) => (i < 30 ? 1 : 0));
    const [fold, ...others] = foldsByEntity({ labels, keys, seed: 3, folds: 1 });
    expect(others).toEqual([]);
    expect(fold?.validation).toHaveLength(20);
    expect([...(fold?.validation ?? [])].filter((row) => row < 30)).toHaveLength(6);
  });

  it('refuses more folds than a class has entities', () => {
    const keys = ['a', 'b', 'c', 'd', 'e', 'f'];
    const labels = Uint8Array.of(1, 1, 0, 0, 0, 0);
    expect(() => foldsByEntity({ labels, keys, seed: 1, folds: 3 })).toThrow(
      /only 2 entities with a positive outcome.*3 validation folds need at least 3/,
    );
    expect(() => foldsByEntity({ labels, keys, seed: 1, folds: 0 })).toThrow(/folds is 0/);
  });
});
