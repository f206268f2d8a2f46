import type { ChallengerConfig } from '../../config/challenger-schema';
import { networkParams } from '../../training/network/params';
import type { NetworkParams } from '../../training/network/types';
import type { Study } from '../../tuning/types';
import { WorkbenchError } from '../../utils/errors';
import type { TrialOutcome } from '../services/training-service';
import { progressOf, type StageContext } from './context';
import type { Candidate, LoadedRows } from './fit';
import type { TrainingPlan } from './plan';
import { validationOf } from './validation';

/** A challenger that could not be trained, and why. */
export interface FailedChallenger {
  readonly kind: ChallengerConfig['type'];
  readonly reason: string;
}

/**
 * Trains the challengers of config.yaml as the trees are: early stopping on the folds says for how many epochs, then
 * each is fitted on all training rows. One that cannot be trained (TRAINING_INVALID) stands aside with its reason.
 */
export async function fitChallengers(
  context: StageContext,
  plan: TrainingPlan,
  rows: LoadedRows,
): Promise<{ readonly candidates: readonly Candidate[]; readonly failed: readonly FailedChallenger[] }> {
  const candidates: Candidate[] = [];
  const failed: FailedChallenger[] = [];
  for (const challenger of context.spec.config.training.challengers) {
    try {
      candidates.push(await fitChallenger(context, plan, rows, challenger));
    } catch (error) {
      if (!(error instanceof WorkbenchError) || error.code !== 'TRAINING_INVALID') throw error;
      failed.push({ kind: challenger.type, reason: error.message });
    }
  }
  return { candidates, failed };
}

async function fitChallenger(
  context: StageContext,
  plan: TrainingPlan,
  rows: LoadedRows,
  challenger: ChallengerConfig,
): Promise<Candidate> {
  const { training } = context.platform.services;
  const { config } = context.spec;
  const progress = progressOf(context, 'training');
  const params = networkParams(challenger, context.seed);
  const started = context.platform.now();
  const trial = await training.networkTrial(
    {
      id: rows.id,
      params,
      folds: rows.folds,
      earlyStoppingRounds: challenger.early_stopping_rounds ?? config.training.early_stopping_rounds,
    },
    progress,
    context.signal,
  );
  const tried = context.platform.now();
  const fitted = await training.networkFit(
    { id: rows.id, params, train: plan.train, holdout: plan.holdout, epochs: trial.bestRounds },
    progress,
    context.signal,
  );
  return {
    ...fitted,
    study: singleTrial(context, rows, { params, trial, durationMs: tried - started }),
    validation: validationOf(context, rows, trial.margins),
    started,
    ended: context.platform.now(),
  };
}

/** A challenger has the one configuration of config.yaml. */
function singleTrial(
  { seed }: StageContext,
  { objective }: LoadedRows,
  tried: { readonly params: NetworkParams; readonly trial: TrialOutcome; readonly durationMs: number },
): Study {
  const { loss, bestRounds, curve } = tried.trial;
  return {
    algorithm: 'none',
    seed,
    maxEvals: 1,
    objective,
    trials: [
      {
        number: 0,
        params: shownParams(tried.params),
        state: 'ok',
        loss,
        bestRounds,
        curve,
        durationMs: tried.durationMs,
      },
    ],
    bestTrial: 0,
    stopped: false,
  };
}

/** Parameters as a table shows them: a list of units as "32, 16". */
function shownParams({ kind: _kind, seed: _seed, ...params }: NetworkParams): Record<string, number | string> {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );
}
