import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { writeOnnx } from '../interop/onnx/write';
import { readModelFile } from '../interop/read-model-file';
import { writeXgboostJson } from '../interop/xgboost-json/write';
import { makeObjective } from '../training/objectives';
import { changedParams } from '../training/params';
import { roundsOf } from '../training/continuation';
import { trainBooster, type TrainResult } from '../training/train';
import type { RoundMetrics } from '../training/train-request';
import type { Booster, BoosterParams, EvalHistory } from '../training/types';
import { WorkbenchError } from '../utils/errors';
import { sha256Hex } from '../utils/hash';
import type { Backend, TrainArguments } from './arguments/train';
import { chooseBackend, type ChosenBackend } from './backend';
import type { Outcome, Say } from './outcome';
import { OutputFile } from './output-file';
import { shardThreads } from './shard-threads';
import { about, readBytes, tableEnding } from './table-file';
import { readEvalFile, readTrainingFile, type LabelledFile } from './train-data';
import { readParams, type GivenParams } from './train-params';

/** What threads run, beside the built command. */
/** XGBoost's JSON, and ONNX. */
const MODEL_ENDINGS = ['.json', '.onnx'];
const SHARD_SCRIPT = new URL('./shard.js', import.meta.url);

/** The JSON of `glasshouse train --json`; docs/cli.md describes it and a test holds it to its schema. */
export interface TrainSummary {
  readonly model: string;
  readonly model_sha256: string;
  readonly objective: string;
  readonly rows: number;
  readonly features: number;
  readonly categorical: readonly string[];
  readonly rounds: number;
  readonly trees: number;
  readonly best_iteration: number | null;
  readonly seed: number;
  readonly backend: Backend;
  /** Asked for; small tables are grown by fewer. */
  readonly threads: number;
  /** Those that differ from XGBoost's defaults. */
  readonly params: Readonly<Record<string, unknown>>;
  /** NaN, a metric without a value, is null in JSON. */
  readonly history: EvalHistory;
  readonly evals: readonly { readonly name: string; readonly rows: number; readonly ignored_columns: number }[];
  readonly warnings: readonly string[];
}

/** Trains on exactly the rows of a file and writes the model. */
export async function train(args: TrainArguments, say: Say): Promise<Outcome> {
  for (const path of [args.data, ...args.evals]) tableEnding(path === args.data ? 'data' : 'eval', path);
  const out = await OutputFile.open(args.out, MODEL_ENDINGS, [args.data, ...args.evals]);
  try {
    return await trainInto(out, args, say);
  } catch (error) {
    await out.abandon();
    throw error;
  }
}

async function trainInto(out: OutputFile, args: TrainArguments, say: Say): Promise<Outcome> {
  const backend = await chooseBackend(args.backend);
  try {
    return await trainOn(backend, out, args, say);
  } finally {
    backend.close();
  }
}

async function trainOn(backend: ChosenBackend, out: OutputFile, args: TrainArguments, say: Say): Promise<Outcome> {
  const threads = args.threads ?? availableParallelism();
  const base = args.baseModel === null ? null : await readModel(args.baseModel);
  const given = await readParams(args, base);
  checkRanking(args, given);
  say(`reading ${args.data} …`);
  const data = await readTrainingFile(args.data, args, base);
  const params = given.complete(data.matrix.featureNames);
  const evals = await readEvals(args, data);
  checkLabels([data, ...evals.map(({ file }) => file)], params);
  say(`${data.matrix.labels.length} rows, ${data.matrix.columns.length} features: sorting and binning …`);
  const result = await trainBooster(
    {
      matrix: data.matrix,
      weights: data.weights,
      evals: evals.map(({ name, file }) => ({ name, matrix: file.matrix, weights: file.weights })),
      params,
      numBoostRound: args.numBoostRound,
      evalMetrics: given.evalMetrics,
      earlyStoppingRounds: args.earlyStoppingRounds,
      baseBooster: base ?? undefined,
      kernels: backend.kernels,
      shards: shardThreads(threads - 1, SHARD_SCRIPT, backend.twin),
      device: backend.device,
      onRound: roundLine(args.numBoostRound, say),
    },
    {},
  );
  const content =
    extname(args.out).toLowerCase() === '.onnx' ? writeOnnx(result.booster) : writeXgboostJson(result.booster);
  await out.write(content);
  const summary = summarise({ args, backend, threads, data, evals, params, result, content });
  return { summary, text: describe(summary) };
}

/** A model file of XGBoost, JSON or UBJSON. */
export async function readModel(path: string): Promise<Booster> {
  const bytes = await readBytes(path);
  return about(path, () => readModelFile(bytes));
}

function checkRanking({ group }: TrainArguments, { objective }: GivenParams): void {
  const ranks = objective.startsWith('rank:');
  if (ranks && group === null) {
    throw new WorkbenchError('USAGE', `${objective} orders rows within groups; name their column with --group.`);
  }
  if (!ranks && group !== null) {
    throw new WorkbenchError('USAGE', `--group belongs to rank:*, but the objective is ${objective}; leave it out.`);
  }
}

interface NamedEval {
  readonly name: string;
  readonly file: LabelledFile;
}

/** Watched files under names of their own: that of the file, with a number where it is taken. */
async function readEvals(args: TrainArguments, { features }: LabelledFile): Promise<readonly NamedEval[]> {
  const taken = new Set(['train']);
  const evals: NamedEval[] = [];
  for (const path of args.evals) {
    const file = await readEvalFile(path, args, features);
    const stem = file.name.replace(/\.[^.]*$/, '');
    let name = stem;
    for (let n = 2; taken.has(name); n++) name = `${stem}_${n}`;
    taken.add(name);
    evals.push({ name, file });
  }
  return evals;
}

/** Labels of every file against the objective, before any work. */
function checkLabels(files: readonly LabelledFile[], params: BoosterParams): void {
  const objective = makeObjective(params.objective, params);
  for (const { name, matrix, weights } of files) {
    const data = { labels: Float32Array.from(matrix.labels), weights, queries: matrix.queries };
    try {
      objective.checkLabels(data, Int32Array.from(data.labels.keys()));
    } catch (error) {
      if (!(error instanceof WorkbenchError)) throw error;
      throw new WorkbenchError(error.code, `${name}: ${error.message}`, error.details, { cause: error });
    }
  }
}

/** Metrics as XGBoost prints them, of about twenty rounds and the last. */
function roundLine(rounds: number, say: Say): (round: number, metrics: RoundMetrics) => void {
  let seen = 0;
  const step = Math.ceil(rounds / 20);
  return (round, metrics) => {
    seen++;
    if (seen % step !== 0 && seen !== 1 && seen !== rounds) return;
    const values = Object.entries(metrics).flatMap(([set, byName]) =>
      Object.entries(byName).map(([metric, value]) => `${set}-${metric}:${value.toFixed(5)}`),
    );
    say(`[${round}]\t${values.join('\t')}`);
  };
}

function summarise(done: {
  readonly args: TrainArguments;
  readonly backend: ChosenBackend;
  readonly threads: number;
  readonly data: LabelledFile;
  readonly evals: readonly NamedEval[];
  readonly params: BoosterParams;
  readonly result: TrainResult;
  readonly content: string | Uint8Array;
}): TrainSummary {
  const { args, data, evals, params, result } = done;
  const { booster, history } = result;
  return {
    model: args.out,
    model_sha256: sha256Hex(done.content),
    objective: params.objective,
    rows: data.matrix.labels.length,
    features: booster.featureNames.length,
    categorical: booster.featureNames.filter((_, i) => booster.featureTypes?.[i] === 'c'),
    rounds: roundsOf(booster),
    trees: booster.trees.length,
    best_iteration: booster.bestIteration ?? null,
    seed: params.seed,
    backend: result.grownOn.device ?? done.backend.twin,
    threads: done.threads,
    params: { ...changedParams(params), objective: params.objective },
    history,
    evals: evals.map(({ name, file }) => ({
      name,
      rows: file.matrix.labels.length,
      ignored_columns: file.ignored.length,
    })),
    warnings: [
      ...[data, ...evals.map(({ file }) => file)].flatMap(({ warnings }) => warnings),
      ...gpuWarnings(done.backend, result),
    ],
  };
}

/** Why a GPU that was asked for did not grow the trees. */
function gpuWarnings({ name, twin }: ChosenBackend, { grownOn }: TrainResult): readonly string[] {
  if (name !== 'webgpu' || grownOn.device !== null) return [];
  const why = grownOn.lost ?? 'The GPU does not hold a table of this size.';
  return [`${why} The trees were grown by the ${twin} kernels; the model is the same.`];
}

function describe(summary: TrainSummary): string {
  const last = Object.entries(summary.history).flatMap(([set, byName]) =>
    Object.entries(byName).map(([metric, values]) => {
      const value = summary.best_iteration === null ? values.at(-1) : values[bestAt(summary, values)];
      return `${set} ${metric} ${(value ?? NaN).toFixed(5)}`;
    }),
  );
  return [
    `${summary.objective}: ${summary.trees} trees in ${summary.rounds} rounds, from ${summary.rows} rows of ${summary.features} features.`,
    `${last.join(', ')}${summary.best_iteration === null ? '' : ` at the best round, ${summary.best_iteration}`}.`,
    ...summary.warnings,
    `Written to ${summary.model}.`,
    '',
  ].join('\n');
}

/** The history begins after the base model's rounds. */
function bestAt({ best_iteration, rounds }: TrainSummary, values: readonly number[]): number {
  return best_iteration === null ? values.length - 1 : Math.min(best_iteration, rounds - 1);
}
