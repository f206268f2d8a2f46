/** Seeded draws for made-up pictures; good enough to look at. */
export class Draws {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0 || 1;
  }

  uniform(): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return this.#state / 4294967296;
  }

  normal(mean = 0, sd = 1): number {
    let sum = 0;
    for (let i = 0; i < 12; i++) sum += this.uniform();
    return mean + sd * (sum - 6);
  }

  pick<T>(values: readonly [T, ...T[]]): T {
    return values[Math.floor(this.uniform() * values.length)] ?? values[0];
  }
}
