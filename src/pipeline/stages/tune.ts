import type { Config } from '../../config/schema';
import { keepTrial, openStudy, tuningTables } from '../../tuning/study-records';
import { runStudy, type StudyRequest } from '../../tuning/study';
import { NEVER, type StopSettings } from '../../tuning/stops';
import type { PrunerSettings } from '../../tuning/pruners';
import type { SearchSettings } from '../../tuning/proposals';
import type { Study, Trial, TrialParams } from '../../tuning/types';
import { atMost } from '../../utils/control';
import { canonicalJson, sha256Hex } from '../../utils/hash';
import { controlFor, progressOf, rowsDigest, type StageContext } from './context';
import type { LoadedRows } from './fit';

/** Changes whenever the same settings would try other configurations or judge them differently. */
const SEARCH_VERSION = 1;

type TuningConfig = Config['models'][number]['tuning'];

const TABLES = Object.keys(tuningTables);

/**
 * Searches for the trees' parameters. Every trial is kept when it has ended, so that a search that was cut off by a closed
 * tab or a crash goes on where it stood; what it found stays until the run is recorded.
 */
export async function tune(context: StageContext, rows: LoadedRows): Promise<Study> {
  const { platform, spec, seed, maxEvals } = context;
  const { records } = platform;
  const model = spec.config.name;
  const opened = {
    model,
    fingerprint: fingerprintOf(context, rows),
    max_evals: maxEvals,
    started: platform.now(),
  };
  const known = await records.write(TABLES, (tx) => openStudy(tx, opened));
  const watch = watcher(context, known);
  return runStudy(
    {
      space: spec.config.tuning.space,
      seed,
      maxEvals,
      known,
      objective: rows.objective,
      ...settingsOf(context),
      now: platform.now,
      stop: context.enough,
      evaluate: evaluator(context, rows),
      onTrial: async (trial) => {
        await records.write(TABLES, (tx) => keepTrial(tx, model, trial));
        watch(trial);
      },
    },
    { ...controlFor(context, 'training'), onProgress: undefined },
  );
}

function evaluator(context: StageContext, { id, folds }: LoadedRows): StudyRequest['evaluate'] {
  const { training } = context.platform.services;
  const { num_boost_round: rounds, early_stopping_rounds: earlyStoppingRounds } = context.spec.config.training;
  const inTurn = atMost(training.concurrency);
  return (params, _number, { prune }) =>
    inTurn(() =>
      training.trial(
        { id, folds, rounds, earlyStoppingRounds, prune, params: mergedParams(context, params) },
        undefined,
        context.signal,
      ),
    );
}

/** Trial parameters over the configured ones. */
export function mergedParams({ spec, seed }: StageContext, trial: TrialParams): Readonly<Record<string, unknown>> {
  return { ...spec.config.training.params, ...trial, seed };
}

/** Tells of each trial as it ends, those of an earlier run counted. */
function watcher(context: StageContext, known: readonly Trial[]): (trial: Trial) => void {
  const { maxEvals } = context;
  const progress = progressOf(context, 'training');
  let done = known.length;
  let best = known.reduce(
    (least, { state, loss }) => (state === 'ok' ? Math.min(least, loss ?? Infinity) : least),
    Infinity,
  );
  return (trial) => {
    done += 1;
    if (trial.state === 'ok' && trial.loss !== null && trial.loss < best) best = trial.loss;
    progress({
      label: `configuration ${done} of ${maxEvals}`,
      done,
      total: maxEvals,
      detail: {
        trial: trial.number,
        loss: trial.loss,
        best,
        params: trial.params,
        curve: trial.curve,
        state: trial.state,
      },
    });
  };
}

function settingsOf({ spec }: StageContext): Pick<StudyRequest, 'search' | 'pruner' | 'stops' | 'concurrency'> {
  const { tuning, training } = spec.config;
  return {
    search: searchOf(tuning),
    pruner: { settings: prunerOf(tuning), rounds: training.num_boost_round },
    stops: stopsOf(tuning),
    concurrency: tuning.parallelism,
  };
}

function searchOf({ algorithm, tpe, grid_points: gridPoints }: TuningConfig): SearchSettings {
  return { algorithm, tpe, gridPoints };
}

function prunerOf({ pruner: { type: kind, ...settings } }: TuningConfig): PrunerSettings {
  return { kind, ...settings } as PrunerSettings;
}

function stopsOf({ timeout, no_progress: noProgress, loss_threshold: lossThreshold }: TuningConfig): StopSettings {
  return {
    ...NEVER,
    timeout: timeout ?? null,
    noProgress: noProgress ?? null,
    lossThreshold: lossThreshold ?? null,
  };
}

/** Everything a trial's parameters and loss depend on; how long the search goes on is left out. */
function fingerprintOf(context: StageContext, { id, folds }: LoadedRows): string {
  const { spec, seed } = context;
  const { space, parallelism } = spec.config.tuning;
  const { params, num_boost_round, early_stopping_rounds } = spec.config.training;
  const { search, pruner } = settingsOf(context);
  const parts = folds.map(({ train, validation }) => [rowsDigest(train), rowsDigest(validation)]);
  return sha256Hex(
    canonicalJson([
      SEARCH_VERSION,
      { id, parts, seed, space, search, pruner, parallelism, params, num_boost_round, early_stopping_rounds },
    ]),
  );
}
