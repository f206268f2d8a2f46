import type { Micros } from '../types';

const FAN = 32;

/**
 * Created times in the order of a source, with the least of every 32, of every 32 of those, and so on: where all values
 * of a key came late, which one was known first by a moment is found without looking at each.
 */
export class KnownTimes {
  readonly #levels: Float64Array[];

  /** @param created NaN where missing: never known. */
  constructor(created: Float64Array) {
    this.#levels = [created];
    for (let below = created; below.length > FAN;) {
      const level = new Float64Array(Math.ceil(below.length / FAN)).fill(Infinity);
      below.forEach((time, at) => {
        const group = Math.floor(at / FAN);
        if (time < (level[group] as number)) level[group] = time;
      });
      this.#levels.push(level);
      below = level;
    }
  }

  /** The last place from `begin` to `last`, both inclusive, known by `time`; -1 for none. */
  lastBy(time: Micros, begin: number, last: number): number {
    let place = last;
    while (place >= begin) {
      if ((this.#levels[0]?.[place] as number) <= time) return place;
      place = this.#before(time, place) - 1;
    }
    return -1;
  }

  /** The first place of the largest group ending at `place` in which nothing was known by `time`. */
  #before(time: Micros, place: number): number {
    let first = place;
    let group = place;
    let width = 1;
    for (let level = 1; level < this.#levels.length; level++) {
      if ((group + 1) % FAN !== 0) break;
      group = (group + 1) / FAN - 1;
      width *= FAN;
      if ((this.#levels[level]?.[group] as number) <= time) break;
      first = (group + 1) * width - width;
    }
    return first;
  }
}
