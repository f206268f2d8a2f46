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

/** What a number of a point is drawn from. `low`, `high`, `mu` and `sigma` of log kinds are in log space. */
export type Distribution =
  | { readonly kind: 'categorical'; readonly p: readonly number[] }
  | { readonly kind: 'randint'; readonly low: number; readonly high: number }
  | {
      readonly kind: 'uniform';
      readonly log: boolean;
      readonly low: number;
      readonly high: number;
      readonly q?: number;
    }
  | {
      readonly kind: 'normal';
      readonly log: boolean;
      readonly mu: number;
      readonly sigma: number;
      readonly q?: number;
    };

/** One number of a point. */
export interface Dimension {
  /** The parameter's name; inside the option i of a choice, "choice:i/parameter". */
  readonly label: string;
  readonly distribution: Distribution;
  /** Of a choice, what each index sets. */
  readonly options: readonly (readonly Assignment[])[] | null;
}

/** A parameter with its value, or with what its value is drawn from. */
export interface Assignment {
  readonly parameter: string;
  readonly value: Drawable | Dimension;
}
