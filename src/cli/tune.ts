import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { readSpaceText } from '../config/space-text';
import type { SearchSpace } from '../config/space-schema';
import { writeOnnx } from '../interop/onnx/write';
import { writeXgboostJson } from '../interop/xgboost-json/write';
import type { Kernels } from '../kernels/types';
import { binMatrix, type BinnedMatrix } from '../training/bin-matrix';
import { foldsByRow } from '../training/folds-by-row';
import { changedParams, parseBoosterParams } from '../training/params';
import { trainBooster } from '../training/train';
import type { BoosterParams } from '../training/types';
import { judgeBooster, type Fold } from '../tuning/booster-trial';
import type { PrunerSettings } from '../tuning/pruners';
import { runStudy, type StudyRequest } from '../tuning/study';
import { TPE_DEFAULTS, type Study, type TrialParams } from '../tuning/types';
import { atMost } from '../utils/control';
import { WorkbenchError } from '../utils/errors';
import { sha256Hex } from '../utils/hash';
import type { TuneArguments } from './arguments/tune';
import { chooseBackend } from './backend';
import { OutputFile } from './output-file';
import type { Outcome, Say } from './outcome';
import { tableEnding } from './table-file';
import { readTrainingFile, type LabelledFile } from './train-data';
import { readParams, type GivenParams } from './train-params';

const MODEL_ENDINGS = ['.json', '.onnx'];

/** The JSON of `glasshouse tune --json`; docs/cli.md describes it and a test holds it to its schema. */
export interface TuneSummary {
  readonly algorithm: string;
  readonly seed: number;
  readonly max_evals: number;
  readonly parallelism: number;
  /** What the loss is, in words. */
  readonly objective: string;
  readonly rows: number;
  readonly features: number;
  readonly folds: number;
  /** Why the search ended before max_evals; null where it did not. */
  readonly stopped: string | null;
  readonly best: {
    readonly number: number;
    readonly loss: number;
    readonly rounds: number;
    readonly params: TrialParams;
  } | null;
  readonly trials: readonly {
    readonly number: number;
    readonly state: string;
    readonly loss: number | null;
    readonly rounds: number | null;
    readonly params: TrialParams;
    readonly duration_ms: number;
    readonly reason: string | null;
  }[];
  /** Of --out. */
  readonly model: { readonly file: string; readonly sha256: string } | null;
  readonly warnings: readonly string[];
}

/** What a search works on. */
interface Search {
  readonly args: TuneArguments;
  readonly space: SearchSpace;
  readonly given: GivenParams;
  readonly base: BoosterParams;
  readonly data: LabelledFile;
  readonly binned: BinnedMatrix;
  readonly folds: readonly Fold[];
}

/** Searches for parameters on a file's rows, and trains the best on all of them where `--out` is given. */
export async function tune(args: TuneArguments, say: Say): Promise<Outcome> {
  tableEnding('data', args.data);
  const space = await readSpace(args.space);
  const out = args.out === null ? null : await OutputFile.open(args.out, MODEL_ENDINGS, [args.data]);
  const backend = await chooseBackend(undefined);
  try {
    const search = await prepare(args, space, { say, kernels: backend.kernels });
    const study = await searchWith(search, say);
    const model = out && (await fitBest(search, study, { out, say }));
    const summary = summarise(search, study, model);
    return { summary, text: describe(summary) };
  } catch (error) {
    await out?.abandon();
    throw error;
  } finally {
    backend.close();
  }
}

async function prepare(
  args: TuneArguments,
  space: SearchSpace,
  { say, kernels }: { readonly say: Say; readonly kernels: Kernels | undefined },
): Promise<Search> {
  const given = await readParams(args, null);
  if (given.objective.startsWith('rank:'))
    throw new WorkbenchError(
      'USAGE',
      `${given.objective} learns orders within groups, which tune does not search; use train.`,
    );
  say(`reading ${args.data} …`);
  const data = await readTrainingFile(args.data, { ...args, group: null }, null);
  const base = given.complete(data.matrix.featureNames);
  const { labels } = data.matrix;
  const classed = base.objective === 'binary:logistic' || base.objective.startsWith('multi:');
  const folds = foldsByRow({
    rows: labels.length,
    seed: base.seed,
    folds: args.folds,
    ...(classed ? { classes: labels } : {}),
  });
  say(`${labels.length} rows, ${data.matrix.columns.length} features: sorting and binning …`);
  const binned = await binMatrix(data.matrix, base.max_bin, {}, { kernels });
  return { args, space, given, base, data, binned, folds };
}

function searchWith(search: Search, say: Say): Promise<Study> {
  const { args, space, base } = search;
  let done = 0;
  let best = Infinity;
  return runStudy(
    {
      space,
      seed: base.seed,
      maxEvals: args.maxEvals,
      concurrency: args.parallelism,
      search: { algorithm: args.algorithm, tpe: { ...TPE_DEFAULTS, multivariate: args.multivariate }, gridPoints: 5 },
      pruner: { settings: prunerOf(args.pruner), rounds: args.numBoostRound },
      stops: {
        timeout: args.timeout,
        noProgress: args.noProgress === null ? null : { trials: args.noProgress, percent: 0 },
        lossThreshold: null,
      },
      objective: objectiveWords(search),
      evaluate: evaluator(search),
      now: () => performance.now(),
      onTrial: ({ number, loss, state }) => {
        done += 1;
        if (state === 'ok' && loss !== null && loss < best) best = loss;
        say(
          `[${done}/${args.maxEvals}]\ttrial ${number}\t${state === 'ok' ? `loss ${loss?.toFixed(6) ?? ''}` : state}\tbest ${best.toFixed(6)}`,
        );
      },
    },
    {},
  );
}

function prunerOf(kind: TuneArguments['pruner']): PrunerSettings {
  switch (kind) {
    case 'none':
      return { kind };
    case 'median':
      return { kind, n_startup_trials: 5, n_warmup_steps: 0, interval_steps: 1 };
    case 'asha':
      return { kind, reduction_factor: 4, min_resource: 'auto', min_early_stopping_rate: 0 };
  }
}

function evaluator({ args, base, given, data, binned, folds }: Search): StudyRequest['evaluate'] {
  const evalMetric = given.evalMetrics?.at(-1);
  // What is proposed depends on the parallelism; one thread trains one at a time.
  const inTurn = atMost(1);
  return (params, _number, { prune }) =>
    inTurn(() =>
      judgeBooster(
        {
          binned,
          folds,
          prune,
          params: withTrial(base, params),
          rounds: args.numBoostRound,
          earlyStoppingRounds: args.earlyStoppingRounds,
          ...(evalMetric === undefined ? {} : { evalMetric }),
          weights: data.weights,
        },
        {},
      ),
    );
}

function withTrial(base: BoosterParams, trial: TrialParams): BoosterParams {
  return parseBoosterParams({ ...base, ...trial });
}

function objectiveWords({ given, args, base }: Search): string {
  const metric = given.evalMetrics?.at(-1) ?? `the metric of ${base.objective}`;
  return args.folds === 1 ? `${metric} on a fifth of the rows` : `${metric}, ${args.folds}-fold by row`;
}

async function fitBest(
  { args, base, data, binned }: Search,
  study: Study,
  { out, say }: { readonly out: OutputFile; readonly say: Say },
): Promise<TuneSummary['model']> {
  const best = study.trials[study.bestTrial ?? -1];
  if (!best)
    throw new WorkbenchError('TRAINING_INVALID', 'No configuration came to an end, so there is no best one to train.');
  const rounds = best.bestRounds ?? args.numBoostRound;
  say(`training the best configuration on all rows for ${rounds} rounds …`);
  const { booster } = await trainBooster(
    { binned, params: withTrial(base, best.params), numBoostRound: rounds, weights: data.weights },
    {},
  );
  const content = extname(out.path).toLowerCase() === '.onnx' ? writeOnnx(booster) : writeXgboostJson(booster);
  await out.write(content);
  return { file: out.path, sha256: sha256Hex(content) };
}

async function readSpace(source: string): Promise<SearchSpace> {
  const inline = source.trimStart().startsWith('{');
  const text = inline
    ? source
    : await readFile(source, 'utf8').catch((error: unknown) => {
        const why = error instanceof Error ? error.message : String(error);
        throw new WorkbenchError('USAGE', `--space is neither JSON nor a file that can be read: ${why}.`);
      });
  const read = readSpaceText(text);
  if ('space' in read) return read.space;
  const where = inline ? '--space' : source;
  const faults = read.faults.map(({ line, column, message }) => `  ${line}:${column} ${message}`);
  throw new WorkbenchError('USAGE', `${where} is no search space:\n${faults.join('\n')}`);
}

function summarise({ args, base, data, folds }: Search, study: Study, model: TuneSummary['model']): TuneSummary {
  const best = study.bestTrial === null ? undefined : study.trials[study.bestTrial];
  return {
    algorithm: study.algorithm,
    seed: study.seed,
    max_evals: args.maxEvals,
    parallelism: args.parallelism,
    objective: study.objective,
    rows: data.matrix.labels.length,
    features: data.matrix.columns.length,
    folds: folds.length,
    stopped: study.stopReason ?? null,
    best: best
      ? {
          number: best.number,
          loss: best.loss ?? NaN,
          rounds: best.bestRounds ?? 0,
          params: { ...changedTrial(base, best.params) },
        }
      : null,
    trials: study.trials.map(({ number, state, loss, bestRounds, params, durationMs, reason }) => ({
      number,
      state,
      loss,
      rounds: bestRounds,
      params,
      duration_ms: Math.round(durationMs),
      reason: reason ?? null,
    })),
    model,
    warnings: [...data.warnings],
  };
}

/** What to hand to training: the trial's parameters over those that were given. */
function changedTrial(base: BoosterParams, trial: TrialParams): TrialParams {
  return { ...(changedParams(base) as TrialParams), objective: base.objective, ...trial };
}

function describe({ best, trials, objective, model, stopped }: TuneSummary): string {
  const lines = [
    `${trials.length} configurations tried${stopped === null ? '' : ` (${stopped.replace('_', ' ')})`}: ${objective}.`,
    best
      ? `Best: trial ${best.number}, loss ${best.loss.toPrecision(6)} after ${best.rounds} rounds.\n${JSON.stringify(best.params)}`
      : 'None came to an end.',
    ...(model ? [`Model: ${model.file}`] : []),
  ];
  return `${lines.join('\n')}\n`;
}
