import { readFile } from 'node:fs/promises';
import { PARAMETER_ALIASES } from '../config/aliases';
import { readParamsText, type ParamsText } from '../config/params-text';
import { constraintsByNumber } from '../training/constraint-names';
import { makeEvalMetric } from '../training/eval-metrics';
import { changedParams, parseBoosterParams } from '../training/params';
import type { Booster, BoosterParams } from '../training/types';
import { WorkbenchError } from '../utils/errors';
import type { TrainArguments } from './arguments/train';

/** XGBoost's `train` without an objective. */
const DEFAULT_OBJECTIVE = 'reg:squarederror';
const CONSTRAINTS = ['monotone_constraints', 'interaction_constraints'];

/** Parameters as they were given, judged as far as that goes without knowing the features. */
export interface GivenParams {
  readonly evalMetrics: readonly string[] | undefined;
  readonly objective: BoosterParams['objective'];
  /** All of them, with constraints by feature. Throws TRAINING_INVALID. */
  complete(featureNames: readonly string[]): BoosterParams;
}

/** Reads `--params` and `--seed`; those of a base model count where nothing else is said. Throws USAGE or TRAINING_INVALID. */
export async function readParams(
  { params: source, seed }: Pick<TrainArguments, 'params' | 'seed'>,
  base: Booster | null,
): Promise<GivenParams> {
  const { params, evalMetrics } = await paramsOf(source);
  if (seed !== undefined && params['seed'] !== undefined && params['seed'] !== seed) {
    throw new WorkbenchError(
      'USAGE',
      `--seed is ${seed}, but --params says seed ${JSON.stringify(params['seed'])}; give one of them.`,
    );
  }
  const given = { ...params, ...(seed === undefined ? {} : { seed }) };
  const all = { objective: DEFAULT_OBJECTIVE, ...(base ? inherited(base, given) : {}), ...given };
  const unconstrained = Object.fromEntries(Object.entries(all).filter(([name]) => !CONSTRAINTS.includes(name)));
  const parsed = parseBoosterParams(unconstrained);
  for (const name of evalMetrics ?? []) makeEvalMetric(name, parsed);
  return {
    evalMetrics,
    objective: parsed.objective,
    complete: (featureNames) => parseBoosterParams(constraintsByNumber(all, featureNames)),
  };
}

async function paramsOf(source: string | null): Promise<ParamsText> {
  if (source === null) return { params: {}, evalMetrics: undefined };
  if (source.trimStart().startsWith('{')) return readParamsText(source, '--params');
  try {
    return readParamsText(await readFile(source, 'utf8'), source);
  } catch (error) {
    if (error instanceof WorkbenchError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new WorkbenchError(
      'USAGE',
      `--params is neither JSON such as {"eta": 0.1} nor a file that can be read: ${why}.`,
    );
  }
}

/** Parameters of the base model that are not given anew, under whatever name. */
function inherited(base: Booster, given: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const anew = new Set(
    Object.keys(given).map((name) => (Object.hasOwn(PARAMETER_ALIASES, name) ? PARAMETER_ALIASES[name] : name)),
  );
  const { objective } = base.params;
  return Object.fromEntries(
    Object.entries({ ...changedParams(base.params), objective }).filter(
      ([name]) => name !== 'base_score' && !anew.has(name),
    ),
  );
}
