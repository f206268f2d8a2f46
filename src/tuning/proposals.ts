import type { CompiledSpace, Point } from './compile-space';
import { gridPoints } from './grid';
import { suggestMultivariate } from './multivariate';
import { randomPoint } from './prior';
import { suggestTpe } from './tpe';
import type { Algorithm, Observation, TpeSettings, Trial } from './types';

export interface SearchSettings {
  readonly algorithm: Algorithm;
  readonly tpe: TpeSettings;
  /** Values that a grid has of a parameter without steps. */
  readonly gridPoints: number;
}

/** How the trials of a study are proposed. */
export interface Proposer {
  /** Trials there can be. */
  readonly size: number;
  /** Whether a proposal looks at earlier trials. */
  readonly learns: boolean;
  /** @param earlier every trial before this one by number; those not ended yet count as failed. */
  propose(number: number, earlier: readonly Observation[]): Point;
}

export function proposerOf(
  space: CompiledSpace,
  seed: number,
  { algorithm, tpe, gridPoints: each }: SearchSettings,
): Proposer {
  switch (algorithm) {
    case 'random':
      return { size: Infinity, learns: false, propose: (number) => randomPoint(space, seed, number) };
    case 'grid': {
      const points = gridPoints(space, seed, each);
      return {
        size: points.length,
        learns: false,
        propose: (number) => points[number % points.length] ?? { values: {}, params: {} },
      };
    }
    case 'tpe': {
      const suggest = tpe.multivariate ? suggestMultivariate : suggestTpe;
      return {
        size: Infinity,
        learns: true,
        propose: (number, earlier) => suggest(space, earlier, { seed, number, settings: tpe }),
      };
    }
  }
}

/** What the estimator makes of a trial; a pruned one is among those that are not good. */
export function observationOf({ number, values = {}, state, loss }: Trial): Observation {
  return { number, values, loss: state === 'ok' ? (loss ?? Infinity) : Infinity };
}
