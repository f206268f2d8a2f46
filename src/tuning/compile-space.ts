import { WorkbenchError } from '../utils/errors';
import type { PointValues, TrialParams } from './types';
import type {
  Assignment,
  ChoiceOption,
  Dimension,
  Distribution,
  Drawable,
  SearchSpace,
  SpaceBranch,
  SpaceExpression,
} from './space-types';

/** Whole numbers that randint may choose from: TPE keeps a weight for each. */
const MOST_INTEGERS = 100_000;

export interface CompiledSpace {
  readonly assignments: readonly Assignment[];
  /** Every dimension, those of branches after their choice. */
  readonly dimensions: readonly Dimension[];
}

/** A search space as the dimensions its points have. Throws TRAINING_INVALID on what cannot be drawn from. */
export function compileSpace(space: SearchSpace): CompiledSpace {
  const dimensions: Dimension[] = [];
  const assignments = assignmentsOf(space, { prefix: '', outer: new Set(), dimensions });
  return { assignments, dimensions };
}

interface Scope {
  /** Begins the labels of this branch. */
  readonly prefix: string;
  /** Parameters set around this branch. */
  readonly outer: ReadonlySet<string>;
  readonly dimensions: Dimension[];
}

function assignmentsOf(branch: SpaceBranch, { prefix, outer, dimensions }: Scope): readonly Assignment[] {
  const names = Object.keys(branch);
  const inside = new Set([...outer, ...names]);
  return names.map((parameter) => {
    const value = branch[parameter] as Drawable | SpaceExpression;
    const label = prefix + parameter;
    if (outer.has(parameter)) refuse(label, 'is set around this option already; set it in one place');
    if (typeof value !== 'object') return { parameter, value };
    return { parameter, value: dimensionOf(label, value, { prefix, outer: inside, dimensions }) };
  });
}

function dimensionOf(label: string, expression: SpaceExpression, scope: Scope): Dimension {
  if ('choice' in expression) {
    const options = expression.choice;
    return choiceOf(label, { kind: 'randint', low: 0, high: options.length }, options, scope);
  }
  if ('pchoice' in expression) {
    const p = checkedShares(
      label,
      expression.pchoice.map(([share]) => share),
    );
    return choiceOf(
      label,
      { kind: 'categorical', p },
      expression.pchoice.map(([, option]) => option),
      scope,
    );
  }
  const dimension = { label, distribution: distributionOf(label, expression), options: null };
  scope.dimensions.push(dimension);
  return dimension;
}

function choiceOf(
  label: string,
  distribution: Distribution,
  options: readonly ChoiceOption[],
  scope: Scope,
): Dimension {
  if (options.length === 0) refuse(label, 'has no options to choose from');
  const at = scope.dimensions.length;
  const parameter = label.slice(scope.prefix.length);
  // Its own name may be set by its options.
  const outer = new Set([...scope.outer].filter((name) => name !== parameter));
  const dimension: Dimension = {
    label,
    distribution,
    options: options.map((option, index) =>
      typeof option === 'object'
        ? assignmentsOf(option, { prefix: `${label}:${index}/`, outer, dimensions: scope.dimensions })
        : [{ parameter, value: option }],
    ),
  };
  scope.dimensions.splice(at, 0, dimension);
  return dimension;
}

type Plain = Exclude<SpaceExpression, { readonly choice: unknown } | { readonly pchoice: unknown }>;

function distributionOf(label: string, expression: Plain): Distribution {
  if ('randint' in expression) {
    const [low, high] = expression.randint.length === 1 ? [0, expression.randint[0]] : expression.randint;
    checkBounds(label, low, high);
    if (!Number.isInteger(low) || !Number.isInteger(high))
      refuse(label, `goes from ${low} to ${high}, expected whole numbers`);
    if (high - low > MOST_INTEGERS)
      refuse(
        label,
        `has ${high - low} whole numbers to choose from, more than ${MOST_INTEGERS}; use quniform with q 1`,
      );
    return { kind: 'randint', low, high };
  }
  if ('uniform' in expression) return uniform(label, false, expression.uniform);
  if ('quniform' in expression) return uniform(label, false, expression.quniform);
  if ('loguniform' in expression) return uniform(label, true, expression.loguniform);
  if ('qloguniform' in expression) return uniform(label, true, expression.qloguniform);
  if ('normal' in expression) return normal(label, false, expression.normal);
  if ('qnormal' in expression) return normal(label, false, expression.qnormal);
  if ('lognormal' in expression) return normal(label, true, expression.lognormal);
  return normal(label, true, expression.qlognormal);
}

function uniform(label: string, log: boolean, [low, high, q]: readonly [number, number, number?]): Distribution {
  checkBounds(label, low, high);
  return { kind: 'uniform', log, low, high, ...stepOf(label, q) };
}

function normal(label: string, log: boolean, [mu, sigma, q]: readonly [number, number, number?]): Distribution {
  if (!Number.isFinite(mu) || !(sigma > 0 && sigma < Infinity))
    refuse(label, `has the mean ${mu} and the deviation ${sigma}, expected finite numbers, the second greater than 0`);
  return { kind: 'normal', log, mu, sigma, ...stepOf(label, q) };
}

function stepOf(label: string, q: number | undefined): { readonly q?: number } {
  if (q === undefined) return {};
  if (!(q > 0 && q < Infinity)) refuse(label, `has the step q ${q}, expected a number greater than 0`);
  return { q };
}

function checkBounds(label: string, low: number, high: number): void {
  if (low < high && low !== -Infinity && high !== Infinity) return;
  refuse(label, `has the bounds ${low}, ${high}, expected two finite numbers, the lower first`);
}

function checkedShares(label: string, p: readonly number[]): readonly number[] {
  const total = p.reduce((sum, share) => sum + share, 0);
  if (p.some((share) => !(share >= 0)) || Math.abs(total - 1) > 1e-6)
    refuse(label, `has probabilities that add up to ${Number(total.toPrecision(6))}, expected 1`);
  return p;
}

function refuse(label: string, what: string): never {
  throw new WorkbenchError('TRAINING_INVALID', `Search space: ${label} ${what}.`, { parameter: label });
}

/** A point of the space: what was drawn, and the parameters that gives. */
export interface Point {
  readonly values: PointValues;
  readonly params: TrialParams;
}

/** Draws the dimensions that are active, a choice before what its option sets. */
export function pointOf(space: CompiledSpace, draw: (dimension: Dimension) => number): Point {
  const values: Record<string, number> = {};
  const params: Record<string, Drawable> = {};
  const set = (assignments: readonly Assignment[]): void => {
    for (const { parameter, value } of assignments) {
      if (typeof value !== 'object') {
        params[parameter] = value;
        continue;
      }
      const drawn = draw(value);
      values[value.label] = drawn;
      if (value.options) set(value.options[drawn] ?? []);
      else params[parameter] = drawn;
    }
  };
  set(space.assignments);
  return { values, params };
}
