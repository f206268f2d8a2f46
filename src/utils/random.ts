import { log } from './math';

/** A seeded stream of random numbers. The same seed and name give the same numbers on every host. */
export interface Random {
  /** Uniform in [0, 1), 32 bits fine. */
  uniform(): number;
  /** Standard normal (Marsaglia's polar method). */
  normal(): number;
  /** Whole number in [0, n). */
  int(n: number): number;
  /** True with probability `p`. */
  chance(p: number): boolean;
  /** Shuffles in place (Fisher-Yates) and returns the same array. */
  shuffle<A extends { length: number; [index: number]: unknown }>(items: A): A;
}

/**
 * sfc32 (Chris Doty-Humphrey's small fast counting generator, PractRand) seeded from `seed` and the stream's name, so
 * that draws of one purpose never shift those of another.
 */
export function makeRandom(seed: number, stream: string): Random {
  let a = 0x9e3779b9 ^ (seed >>> 0);
  let b = 0x243f6a88 ^ Math.floor(seed / 4294967296);
  let c = 0xb7e15162;
  let counter = 1;
  for (let i = 0; i < stream.length; i++) {
    c = Math.imul(c ^ stream.charCodeAt(i), 0x01000193);
    a = (a + c) | 0;
  }
  const next = (): number => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t >>> 0;
  };
  for (let i = 0; i < 16; i++) next();

  let spare = NaN;
  const uniform = () => next() / 4294967296;
  const int = (n: number) => Math.floor(uniform() * n);
  return {
    uniform,
    int,
    chance: (p) => uniform() < p,
    normal() {
      if (!Number.isNaN(spare)) {
        const value = spare;
        spare = NaN;
        return value;
      }
      for (;;) {
        const x = 2 * uniform() - 1;
        const y = 2 * uniform() - 1;
        const r = x * x + y * y;
        if (r > 0 && r < 1) {
          const scale = Math.sqrt((-2 * log(r)) / r);
          spare = y * scale;
          return x * scale;
        }
      }
    },
    shuffle(items) {
      for (let i = items.length - 1; i > 0; i--) {
        const j = int(i + 1);
        const held = items[i];
        items[i] = items[j];
        items[j] = held;
      }
      return items;
    },
  };
}
