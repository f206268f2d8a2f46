import { WorkbenchError } from '../utils/errors';
import { exp } from '../utils/math';
import { makeRandom, type Random } from '../utils/random';
import type { SearchSpace, SpaceExpression, TrialParams } from './types';

type Drawable = number | string | boolean;

/**
 * One random configuration. Trial `number` depends only on seed, number and the parameter's name, so trials can be
 * drawn in any order and a parameter added to the space leaves the others as they were. Hyperopt's words
 * (hyperopt/hyperopt:hyperopt/pyll_utils.py):
 *
 * - choice: one of the options, equally likely
 * - randint [low, high): whole numbers
 * - uniform [low, high); quniform: round(uniform / q) * q
 * - loguniform: e^uniform, bounds in log space; qloguniform: round(e^uniform / q) * q
 *
 * @example sampleSpace({ eta: { loguniform: [-3, -1] } }, 7, 0) // eta between e^-3 and e^-1
 */
export function sampleSpace(space: SearchSpace, seed: number, number: number): TrialParams {
  return Object.fromEntries(
    Object.entries(space).map(([name, expression]) => [
      name,
      draw(name, expression, makeRandom(seed, `trial/${number}/${name}`)),
    ]),
  );
}

function draw(name: string, expression: SpaceExpression, random: Random): Drawable {
  if ('choice' in expression)
    return expression.choice[random.int(expression.choice.length)] ?? refuse(name, 'has no options to choose from');
  if ('randint' in expression) {
    const [low, high] = checkedBounds(name, expression.randint);
    return low + random.int(high - low);
  }
  if ('uniform' in expression) return between(random, checkedBounds(name, expression.uniform));
  if ('loguniform' in expression) return exp(between(random, checkedBounds(name, expression.loguniform)));
  if ('quniform' in expression) {
    return toStep(name, between(random, checkedBounds(name, expression.quniform)), expression.quniform[2]);
  }
  return toStep(name, exp(between(random, checkedBounds(name, expression.qloguniform))), expression.qloguniform[2]);
}

function between(random: Random, [low, high]: readonly [number, number]): number {
  return low + random.uniform() * (high - low);
}

/** The nearest multiple of q, without the last digits' noise (0.3, not 0.30000000000000004). */
function toStep(name: string, value: number, q: number): number {
  if (!(q > 0 && q < Infinity)) refuse(name, `has the step q ${q}, expected a number greater than 0`);
  return Number((Math.round(value / q) * q).toPrecision(12));
}

function checkedBounds(name: string, bounds: readonly number[]): readonly [number, number] {
  const [low, high] = bounds;
  if (low === undefined || high === undefined || !(low < high) || low === -Infinity || high === Infinity) {
    return refuse(
      name,
      `has the bounds ${bounds.slice(0, 2).join(', ')}, expected two finite numbers, the lower first`,
    );
  }
  return [low, high];
}

function refuse(name: string, what: string): never {
  throw new WorkbenchError('TRAINING_INVALID', `Search space: ${name} ${what}.`, { parameter: name });
}
