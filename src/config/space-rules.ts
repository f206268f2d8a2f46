import { exp, log } from '../utils/math';
import { isPlainMap, type PlainMap } from './aliases';
import { shown, unknownKey, type Finding, type Path } from './faults';
import { expectedWords, schemaAt } from './json-schema';
import { boosterParamsSchema } from './schema';
import { nearest } from './suggest';

const PARAMS: Path = ['models', 0, 'training', 'params'];
const SHAPES: Readonly<Record<string, readonly string[]>> = {
  choice: [],
  pchoice: [],
  randint: ['low', 'high'],
  uniform: ['low', 'high'],
  quniform: ['low', 'high', 'q'],
  loguniform: ['low', 'high'],
  qloguniform: ['low', 'high', 'q'],
  normal: ['mu', 'sigma'],
  qnormal: ['mu', 'sigma', 'q'],
  lognormal: ['mu', 'sigma'],
  qlognormal: ['mu', 'sigma', 'q'],
};
const KINDS = Object.keys(SHAPES);
const EXPECTED = `one of choice: […], pchoice: [[p, …]], ${KINDS.slice(2)
  .map((kind) => `${kind}: [${(SHAPES[kind] ?? []).join(', ')}]`)
  .join(', ')}`;

/** Parameters that may be searched: the booster's, without the objective. */
const SEARCHABLE = Object.keys(boosterParamsSchema.shape).filter((key) => key !== 'objective');

/** Faults of one search space, each expression held to its own form and to the parameter's bounds. */
export function checkSpace(space: unknown, path: Path): readonly Finding[] {
  return isPlainMap(space) ? checkBranch(space, path) : [];
}

/** Parameters with their expressions; in an option of a choice they may be plain values. */
function checkBranch(branch: PlainMap, path: Path, option = false): readonly Finding[] {
  return Object.entries(branch).flatMap(([key, value]) => {
    const here = [...path, key];
    if (!SEARCHABLE.includes(key)) return [unknownKey(here, SEARCHABLE)];
    return option && !isPlainMap(value) ? checkValue(key, value, here) : checkExpression(key, value, here);
  });
}

function checkValue(key: string, value: unknown, path: Path): readonly Finding[] {
  if (allowed(key, value)) return [];
  return [valueFault(path, wordsOf(key), `is ${shown(value)}; ${key} must be ${wordsOf(key)}`)];
}

function checkExpression(key: string, expression: unknown, path: Path): readonly Finding[] {
  const kinds = isPlainMap(expression) ? Object.keys(expression) : [];
  const [kind] = kinds;
  if (!isPlainMap(expression) || kind === undefined || kinds.length > 1) {
    return [valueFault(path, EXPECTED, `is ${shown(expression)}; expected ${EXPECTED}`)];
  }
  const names = SHAPES[kind];
  if (!names) {
    const near = nearest(kind, KINDS);
    const advice = near === null ? `expected ${EXPECTED}` : `did you mean "${near}"?`;
    return [
      {
        path: [...path, kind],
        at: 'key',
        expected: EXPECTED,
        suggestion: near,
        message: `is not a search expression; ${advice}`,
      },
    ];
  }
  const bounds = expression[kind];
  const here = [...path, kind];
  if (kind === 'choice') return checkOptions(key, bounds, here);
  if (kind === 'pchoice') return checkShares(key, bounds, here);
  if (kind === 'randint' && Array.isArray(bounds) && bounds.length === 1)
    return checkRange({ key, kind, names, bounds: [0, bounds[0] as unknown], path: here });
  return checkRange({ key, kind, names, bounds, path: here });
}

function checkOptions(key: string, options: unknown, path: Path): readonly Finding[] {
  const expected = 'a list with at least one entry';
  if (!Array.isArray(options) || options.length === 0)
    return [valueFault(path, expected, `is ${shown(options)}; expected ${expected}`)];
  return options.flatMap((option: unknown, i) =>
    isPlainMap(option) ? checkBranch(option, [...path, i], true) : checkValue(key, option, [...path, i]),
  );
}

function isPairs(value: unknown): value is readonly (readonly [unknown, unknown])[] {
  return Array.isArray(value) && value.every((pair) => Array.isArray(pair) && pair.length === 2);
}

function checkShares(key: string, pairs: unknown, path: Path): readonly Finding[] {
  const expected = 'a list of [probability, option]';
  if (!isPairs(pairs) || pairs.length === 0)
    return [valueFault(path, expected, `is ${shown(pairs)}; expected ${expected}`)];
  const shares = pairs.map((pair) => Number(pair[0]));
  const total = shares.reduce((sum, share) => sum + share, 0);
  if (shares.some((share) => !(share >= 0)) || Math.abs(total - 1) > 1e-6)
    return [
      valueFault(
        path,
        'probabilities that add up to 1',
        `has probabilities that add up to ${short(total)}; they must add up to 1`,
      ),
    ];
  return pairs.flatMap((pair, i) => {
    const [, option] = pair;
    const here = [...path, i, 1];
    return isPlainMap(option) ? checkBranch(option, here, true) : checkValue(key, option, here);
  });
}

interface RangeCheck {
  readonly key: string;
  readonly kind: string;
  readonly names: readonly string[];
  readonly bounds: unknown;
  readonly path: Path;
}

function checkRange({ key, kind, names, bounds, path }: RangeCheck): readonly Finding[] {
  const expected = `[${names.join(', ')}]`;
  const numbers = Array.isArray(bounds)
    ? bounds.filter((bound): bound is number => typeof bound === 'number' && Number.isFinite(bound))
    : [];
  const [low, high, q] = numbers;
  if (
    !Array.isArray(bounds) ||
    bounds.length !== names.length ||
    low === undefined ||
    high === undefined ||
    numbers.length !== names.length
  ) {
    return [valueFault(path, expected, `is ${shown(bounds)}; expected ${expected}, all numbers`)];
  }
  if (kind.endsWith('normal')) return checkSpread(key, kind, numbers, path);
  if (low >= high)
    return [valueFault(path, 'low < high', `is ${shown(bounds)}; its low bound must be less than its high bound`)];
  if (q !== undefined && q <= 0)
    return [valueFault([...path, 2], 'a number greater than 0', `is ${q}; the step q must be greater than 0`)];
  const whole = schemaAt([...PARAMS, key])?.['type'] === 'integer';
  if (kind === 'randint' && !(Number.isInteger(low) && Number.isInteger(high))) {
    return [valueFault(path, 'whole numbers', `is ${shown(bounds)}; randint wants whole numbers`)];
  }
  if (whole && kind !== 'randint' && !(q !== undefined && Number.isInteger(q))) {
    return [
      valueFault(
        path,
        'randint, or a q that is whole',
        `gives numbers that are not whole, and ${key} must be ${wordsOf(key)}; use randint, or quniform with a whole q`,
      ),
    ];
  }
  return checkBounds(key, kind, [low, high, q ?? 0], path);
}

/** A normal may leave the parameter's bounds now and then, and such a trial fails; its middle may not. */
function checkSpread(key: string, kind: string, numbers: readonly number[], path: Path): readonly Finding[] {
  const [mu = NaN, sigma = NaN, q = 0] = numbers;
  if (!(sigma > 0))
    return [
      valueFault([...path, 1], 'a number greater than 0', `is ${sigma}; the deviation sigma must be greater than 0`),
    ];
  const whole = schemaAt([...PARAMS, key])?.['type'] === 'integer';
  if (whole && !(q > 0 && Number.isInteger(q)))
    return [
      valueFault(
        path,
        'a q that is whole',
        `gives numbers that are not whole, and ${key} must be ${wordsOf(key)}; use q${kind.replace(/^q/, '')} with a whole q`,
      ),
    ];
  const middle = kind.endsWith('lognormal') ? exp(mu) : mu;
  const rounded = q > 0 ? Math.round(middle / q) * q : middle;
  if (allowed(key, rounded)) return [];
  return [
    valueFault(
      path,
      wordsOf(key),
      `is ${shown(numbers)}, which means ${key} around ${short(rounded)}; ${key} must be ${wordsOf(key)}`,
    ),
  ];
}

function checkBounds(
  key: string,
  kind: string,
  [low, high, q]: readonly [number, number, number],
  path: Path,
): readonly Finding[] {
  const logged = kind.endsWith('loguniform');
  const round = (value: number) => (q > 0 ? Math.round(value / q) * q : value);
  const [least, most] = [
    round(logged ? exp(low) : low),
    round(logged ? exp(high) : kind === 'randint' ? high - 1 : high),
  ];
  const inside = allowed(key, least) && allowed(key, most) && !(logged && most > LARGEST);
  if (inside) return [];
  const means = kind === 'randint' ? ` (the second is not included, so ${key} goes from ${least} to ${most})` : '';
  if (!logged) {
    return [
      valueFault(
        path,
        wordsOf(key),
        `is ${shown(q > 0 ? [low, high, q] : [low, high])}${means}; ${key} must be ${wordsOf(key)}`,
      ),
    ];
  }
  const meant = low > 0 && allowed(key, low) && allowed(key, high);
  const rewrite = meant ? ` For ${low} to ${high} write [${short(log(low))}, ${short(log(high))}].` : '';
  return [
    valueFault(
      path,
      wordsOf(key),
      `is ${shown([low, high])}, which means ${key} from ${short(least)} to ${short(most)}: the bounds of ${kind} are in log space, as Hyperopt has them. ${key} must be ${wordsOf(key)}.${rewrite}`,
      meant ? `[${short(log(low))}, ${short(log(high))}]` : null,
    ),
  ];
}

/** Where a parameter has no upper bound, a log range past this was surely meant as plain numbers. */
const LARGEST = 1e6;

function allowed(key: string, value: unknown): boolean {
  const schema = Object.entries(boosterParamsSchema.shape).find(([name]) => name === key)?.[1];
  return schema?.safeParse(value).success ?? false;
}

function wordsOf(key: string): string {
  return expectedWords(schemaAt([...PARAMS, key]));
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function valueFault(path: Path, expected: string, message: string, suggestion: string | null = null): Finding {
  return { path, at: 'value', expected, suggestion, message };
}
