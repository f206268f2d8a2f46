import { PARAMETER_ALIASES } from '../config/aliases';
import { expectedWords, schemaAt } from '../config/json-schema';
import { boosterParamsSchema } from '../config/schema';
import { nearest } from '../config/suggest';
import { WorkbenchError } from '../utils/errors';
import type { BoosterParams } from './types';

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
  return { ...boosterParamsSchema.parse(rest), seed: typeof seed === 'number' ? seed : 0 };
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
