import { z } from './zod';

export type Drawable = number | string | boolean;

/** Parameters set by an option of a choice: values, or expressions drawn only where the option is chosen. */
export interface SpaceBranch {
  readonly [parameter: string]: Drawable | SpaceExpression;
}

export type ChoiceOption = Drawable | SpaceBranch;

/**
 * A search-space expression in Hyperopt's words (hyperopt 0.3.0, hyperopt/pyll_utils.py). Bounds of log words are in log
 * space, as Hyperopt has them; a q rounds to its multiples.
 */
export type SpaceExpression =
  | { readonly choice: readonly ChoiceOption[] }
  | { readonly pchoice: readonly (readonly [p: number, option: ChoiceOption])[] }
  | { readonly randint: readonly [upper: number] | readonly [low: number, high: number] }
  | { readonly uniform: readonly [low: number, high: number] }
  | { readonly quniform: readonly [low: number, high: number, q: number] }
  | { readonly loguniform: readonly [low: number, high: number] }
  | { readonly qloguniform: readonly [low: number, high: number, q: number] }
  | { readonly normal: readonly [mu: number, sigma: number] }
  | { readonly qnormal: readonly [mu: number, sigma: number, q: number] }
  | { readonly lognormal: readonly [mu: number, sigma: number] }
  | { readonly qlognormal: readonly [mu: number, sigma: number, q: number] };

export type SearchSpace = Readonly<Record<string, SpaceExpression>>;

const positive = z.number().positive();
const bounds = z.tuple([z.number(), z.number()]);
const stepped = z.tuple([z.number(), z.number(), positive]);
const spread = z.tuple([z.number(), positive]);
const steppedSpread = z.tuple([z.number(), positive, positive]);
const drawable = z.union([z.number(), z.string(), z.boolean()]);

const option: z.ZodType<ChoiceOption, ChoiceOption> = z.lazy(() =>
  z.union([
    drawable,
    z
      .record(z.string(), z.union([drawable, spaceExpressionSchema]))
      .describe('Parameters that this option sets: values, or expressions drawn only where it is chosen.'),
  ]),
);

export const spaceExpressionSchema: z.ZodType<SpaceExpression, SpaceExpression> = z.union([
  z.strictObject({ choice: z.array(option).min(1).describe('Options, equally likely.') }),
  z.strictObject({
    pchoice: z
      .array(z.tuple([z.number().min(0).max(1), option]))
      .min(1)
      .describe('Options, each after its probability.'),
  }),
  z.strictObject({
    randint: z
      .union([z.tuple([z.int()]), z.tuple([z.int(), z.int()])])
      .describe('Whole numbers from the first, or 0, up to but not including the last, as Hyperopt has them.'),
  }),
  z.strictObject({ uniform: bounds.describe('An even draw between two bounds.') }),
  z.strictObject({ quniform: stepped.describe('An even draw, rounded to multiples of the third number.') }),
  z.strictObject({ loguniform: bounds.describe('Bounds in log space, as Hyperopt has them.') }),
  z.strictObject({
    qloguniform: stepped.describe('The same of loguniform, rounded to multiples of the third number.'),
  }),
  z.strictObject({ normal: spread.describe('Mean and standard deviation.') }),
  z.strictObject({ qnormal: steppedSpread.describe('A normal draw, rounded to multiples of the third number.') }),
  z.strictObject({ lognormal: spread.describe('Mean and standard deviation of the logarithm.') }),
  z.strictObject({
    qlognormal: steppedSpread.describe('The same of lognormal, rounded to multiples of the third number.'),
  }),
]);
