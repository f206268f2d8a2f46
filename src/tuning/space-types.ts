import type { Drawable } from '../config/space-schema';

export type { ChoiceOption, Drawable, SearchSpace, SpaceBranch, SpaceExpression } from '../config/space-schema';

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
