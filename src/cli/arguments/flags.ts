import { parseArgs, type ParseArgsConfig } from 'node:util';
import { parseTimestamp } from '../../data/csv/timestamps';
import { WorkbenchError } from '../../utils/errors';

/** What `parseArgs` takes as options. */
export type FlagOptions = NonNullable<ParseArgsConfig['options']>;

/** Flags that every command takes. */
export const COMMON = {
  json: { type: 'boolean' },
  quiet: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

export function usage(message: string): WorkbenchError {
  return new WorkbenchError('USAGE', `${message} See glasshouse --help.`);
}

/** The values of flags; unknown ones, those without their value and those given twice are refused in a sentence. */
export function readFlags<O extends FlagOptions>(args: readonly string[], options: O) {
  try {
    const { values, tokens } = parseArgs({ args: joined(args), options, strict: true, tokens: true });
    const named = tokens.flatMap((token) => (token.kind === 'option' ? [token.name] : []));
    const twice = named.find((name, i) => named.indexOf(name) !== i && options[name]?.multiple !== true);
    if (twice !== undefined) throw usage(`--${twice} is given twice; give it once.`);
    return values;
  } catch (error) {
    if (error instanceof WorkbenchError) throw error;
    const text = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw usage(text.endsWith('.') ? text : `${text}.`);
  }
}

/** "--seed -1" as "--seed=-1", so that the value is judged and not taken for a flag. */
function joined(args: readonly string[]): string[] {
  const out: string[] = [];
  for (const arg of args) {
    const flag = out.at(-1);
    if (/^-[\d.]/.test(arg) && flag?.startsWith('--') && !flag.includes('=')) out[out.length - 1] = `${flag}=${arg}`;
    else out.push(arg);
  }
  return out;
}

export function wholeNumber(flag: string, text: string | undefined, low: number, high: number): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
  if (!(value >= low && value <= high)) {
    throw usage(`--${flag} is "${shortened(text)}"; it must be a whole number from ${low} to ${high}.`);
  }
  return value;
}

/** A number greater than 0, with or without a fraction. */
export function decimal(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d{1,9}(\.\d{1,9})?$/.test(text) ? Number(text) : NaN;
  if (!(value > 0)) throw usage(`--${flag} is "${shortened(text)}"; it must be a number greater than 0.`);
  return value;
}

/** A time in ISO 8601, as microseconds since 1970 UTC; without a zone UTC is meant. */
export function moment(flag: string, text: string): number {
  const bytes = new TextEncoder().encode(text.trim());
  const at = parseTimestamp(bytes, 0, bytes.length);
  if (Number.isNaN(at)) {
    throw usage(`--${flag} is "${shortened(text)}"; it must be a time, as 2026-03-01 or 2026-03-01T12:00:00Z.`);
  }
  return at;
}

export function oneOf<T extends string>(flag: string, text: string | undefined, values: readonly T[]): T | undefined {
  if (text === undefined) return undefined;
  const known = values.find((value) => value === text);
  if (known === undefined) throw usage(`--${flag} is "${shortened(text)}"; it must be one of ${values.join(', ')}.`);
  return known;
}

/** Names between commas, spaces around them left out. */
export function nameList(flag: string, text: string | undefined): readonly string[] {
  if (text === undefined) return [];
  const names = text.split(',').map((name) => name.trim());
  if (names.includes('')) throw usage(`--${flag} is "${shortened(text)}"; give column names with commas between them.`);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw usage(`--${flag} names ${twice} twice; name it once.`);
  return names;
}

/** The value of a flag that must be there. */
export function needed(flag: string, text: string | undefined, what: string): string {
  if (text === undefined) throw usage(`--${flag} is missing; give ${what}.`);
  if (text.trim() === '') throw usage(`--${flag} is empty; give ${what}.`);
  return text;
}

function shortened(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
