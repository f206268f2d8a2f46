import { PARAMETER_ALIASES } from '../config/aliases';
import { expectedWords, schemaAt } from '../config/json-schema';
import { boosterParamsSchema, type BoosterSettings } from '../config/schema';
import { nearest } from '../config/suggest';
import { WorkbenchError } from '../utils/errors';
import type { BoosterParams } from './types';

/** XGBoost's default of max_delta_step for count:poisson, until 3.4. */
const POISSON_STEP = 0.7;

const DEFAULTS = boosterParamsSchema.parse({});
/** Parameters that no other booster reads. */
const DART_ONLY = ['rate_drop', 'skip_drop', 'one_drop', 'sample_type', 'normalize_type'] as const;

const SCHEMAS = boosterParamsSchema.shape;
const NAMES: readonly string[] = [...Object.keys(SCHEMAS), 'seed'];

/**
 * Training parameters with defaults filled in. Takes XGBoost's native names and its aliases (learning_rate,
 * min_split_loss, reg_lambda, reg_alpha); keys whose value is undefined count as left out. All faults are reported
 * together, by name: unknown parameters, a name together with its alias, wrong types, values out of range.
 *
 * @example parseBoosterParams({ learning_rate: 0.1, max_depth: 4 }).eta // 0.1
 */
export function parseBoosterParams(input: Readonly<Record<string, unknown>>): BoosterParams {
  const faults: string[] = [];
  const given = nativeNames(input, faults);
  for (const [name, value] of given) {
    const fault = name === 'seed' ? seedFault(value) : valueFault(name, value);
    if (fault) faults.push(fault);
  }
  if (faults.length > 0) {
    throw new WorkbenchError('TRAINING_INVALID', `Training parameters: ${faults.join('; ')}.`, { faults });
  }
  const { seed, ...rest } = Object.fromEntries(given);
  const params = boosterParamsSchema.parse(rest);
  refuseContradictions(params);
  const step = params.max_delta_step ?? (params.objective === 'count:poisson' ? POISSON_STEP : 0);
  return { ...params, max_delta_step: step, seed: typeof seed === 'number' ? seed : 0 };
}

function nativeNames(input: Readonly<Record<string, unknown>>, faults: string[]): Map<string, unknown> {
  const given = new Map<string, unknown>();
  const spelled = new Map<string, string>();
  for (const [key, value] of Object.entries(input)) {
    if (value === undefined) continue;
    const name = Object.hasOwn(PARAMETER_ALIASES, key) ? (PARAMETER_ALIASES[key] ?? key) : key;
    const before = spelled.get(name);
    if (before !== undefined) faults.push(`${before} and ${key} are the same parameter, keep one of them`);
    spelled.set(name, key);
    if (NAMES.includes(name)) given.set(name, value);
    else faults.push(unknownFault(key));
  }
  return given;
}

function unknownFault(key: string): string {
  const suggestion = nearest(key, [...NAMES, ...Object.keys(PARAMETER_ALIASES)]);
  const advice = suggestion ? `did you mean ${suggestion}?` : `supported are ${NAMES.join(', ')}`;
  return `"${key.slice(0, 60)}" is not a supported parameter (${advice})`;
}

function valueFault(name: string, value: unknown): string | null {
  const schema = Object.entries(SCHEMAS).find(([key]) => key === name)?.[1];
  if (!schema || schema.safeParse(value).success) return null;
  return `${name} is ${shown(value)}, expected ${expectedWords(schemaAt(['models', 0, 'training', 'params', name]))}`;
}

function seedFault(value: unknown): string | null {
  const fits = typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
  return fits ? null : `seed is ${shown(value)}, expected a whole number at least 0`;
}

function shown(value: unknown): string {
  const text =
    typeof value === 'number' || typeof value === 'bigint' ? String(value) : (JSON.stringify(value) ?? typeof value);
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

function refuseContradictions(params: BoosterSettings): void {
  const refuse = (text: string) => {
    throw new WorkbenchError('TRAINING_INVALID', `Training parameters: ${text}`);
  };
  const multi = params.objective.startsWith('multi:');
  if (multi && params.num_class < 2) {
    refuse(`objective ${params.objective} needs num_class, at least 2; it is ${params.num_class}.`);
  }
  if (!multi && params.num_class > 1) {
    refuse(`num_class is ${params.num_class}, but ${params.objective} has one output; leave num_class out.`);
  }
  if (params.grow_policy === 'depthwise' && params.max_depth === 0 && params.max_leaves === 0) {
    refuse('max_depth and max_leaves are both 0, so a tree would have no end; set one of them.');
  }
  const dartOnly = params.booster === 'dart' ? [] : DART_ONLY.filter((name) => params[name] !== DEFAULTS[name]);
  if (dartOnly.length > 0) {
    refuse(
      `${dartOnly.join(' and ')} ${dartOnly.length === 1 ? 'belongs' : 'belong'} to booster dart; set booster to dart or leave ${dartOnly.length === 1 ? 'it' : 'them'} out.`,
    );
  }
  const medians = params.objective === 'reg:absoluteerror' || params.objective === 'reg:quantileerror';
  if (medians && params.monotone_constraints?.some((direction) => direction !== 0)) {
    refuse(
      `monotone_constraints cannot be kept with ${params.objective}, whose leaves are medians or quantiles of their rows; leave them out, or learn reg:squarederror.`,
    );
  }
  const logistic = params.objective.endsWith('logistic');
  if (logistic && params.base_score !== undefined && !(params.base_score > 0 && params.base_score < 1)) {
    refuse(`base_score is ${params.base_score}; ${params.objective} starts from a probability between 0 and 1.`);
  }
  if (params.objective === 'count:poisson' && params.base_score !== undefined && params.base_score <= 0) {
    refuse(`base_score is ${params.base_score}; count:poisson starts from a mean above 0.`);
  }
}

/** The parameters that differ from their defaults: enough for `parseBoosterParams` to give all of them again. */
export function changedParams(params: BoosterParams): Readonly<Record<string, unknown>> {
  const defaults: Readonly<Record<string, unknown>> = {
    ...DEFAULTS,
    max_delta_step: params.objective === 'count:poisson' ? POISSON_STEP : 0,
    seed: 0,
  };
  return Object.fromEntries(
    Object.entries(params).filter(([key, value]) => value !== undefined && value !== defaults[key]),
  );
}
