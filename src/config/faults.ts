import type { z } from './zod';
import { expectedWords, keysOf, placesOf, schemaAt, type JsonSchema, type SchemaAt } from './json-schema';
import { nearest } from './suggest';

/** One thing wrong with config.yaml. */
export interface ConfigFault {
  /** "models[0].training.params.eta"; empty for the whole file. */
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based, in UTF-16 units. */
  readonly column: number;
  /** What was expected, in words: "a number greater than 0 and at most 1". */
  readonly expected: string;
  /** The key or value that was probably meant. */
  readonly suggestion: string | null;
  /** A whole sentence: where, what was found, what was expected, what to do. */
  readonly message: string;
}

export type Path = readonly (string | number)[];

/** A fault before its place in the text is looked up. */
export interface Finding {
  readonly path: Path;
  /** Whether the key or its value is pointed at. */
  readonly at: 'key' | 'value';
  readonly expected: string;
  readonly suggestion: string | null;
  /** Continues a sentence that starts with the path. */
  readonly message: string;
}

export function pathText(path: Path): string {
  return path.map((step, i) => (typeof step === 'number' ? `[${step}]` : i === 0 ? step : `.${step}`)).join('');
}

/** "config.yaml, line 12: …" */
export function describeFault(fault: ConfigFault, file = 'config.yaml'): string {
  return `${file}, line ${fault.line}: ${fault.message}`;
}

/** A value as it may stand in a sentence, at most 40 characters. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = typeof value === 'number' ? String(value) : JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

/** What a schema issue says, in our words; an unknown-keys issue gives one finding a key. */
export function findingsOf(issue: z.core.$ZodIssue, root: unknown, schemaOf: SchemaAt): readonly Finding[] {
  const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => unknownKey([...path, key], keysOf(schemaOf(path, root)), schemaOf));
  const value = valueAt(root, path);
  const expected =
    issue.code === 'invalid_format' && issue.format === 'regex' ? issue.message : expectedWords(schemaOf(path, root));
  if (value === undefined) {
    return [{ path, at: 'value', expected, suggestion: null, message: `is missing; expected ${expected}` }];
  }
  const suggestion = typeof value === 'string' ? nearest(value, choicesAt(schemaOf(path, root))) : null;
  return [
    {
      path,
      at: 'value',
      expected,
      suggestion,
      message: `is ${shown(value)}; expected ${expected}${hint(value, expected, suggestion)}`,
    },
  ];
}

function hint(value: unknown, expected: string, suggestion: string | null): string {
  if (suggestion !== null) return `. Did you mean ${JSON.stringify(suggestion)}?`;
  if (value === null) return '. The key has no value: write one, or remove the key';
  const wantsText =
    expected.startsWith('text') || expected.startsWith('a feature') || expected.startsWith('lower-case');
  if (wantsText && (typeof value === 'number' || typeof value === 'boolean'))
    return `. Put it in quotes: "${String(value)}"`;
  if (
    typeof value === 'string' &&
    /^a (whole )?number/.test(expected) &&
    value.trim() !== '' &&
    Number.isFinite(Number(value))
  ) {
    return '. Remove the quotes';
  }
  return '';
}

function choicesAt(node: JsonSchema | undefined): readonly string[] {
  const options: unknown[] = Array.isArray(node?.['enum']) ? node['enum'] : [node?.['const']];
  return options.filter((option) => typeof option === 'string');
}

/** A key that is not allowed at `path`, with the nearest of `known` or the place where the schema has it. */
export function unknownKey(path: Path, known: readonly string[], schemaOf: SchemaAt = schemaAt): Finding {
  const key = String(path.at(-1));
  const near = nearest(key, known);
  const [elsewhere] = near === null ? placesOf(key, schemaOf([])) : [];
  // In { a: f(x, 0) } the comma ends the value, and "0)" is read as a key.
  const cutShort = /[()\]]/.test(key) ? ' Where a value holds a comma inside { … }, put it in quotes.' : '';
  const advice =
    near !== null
      ? ` Did you mean "${near}"?`
      : elsewhere !== undefined
        ? ` It belongs in ${parentOf(elsewhere)}.`
        : '';
  return {
    path,
    at: 'key',
    expected: `one of ${known.join(', ')}`,
    suggestion: near ?? elsewhere ?? null,
    message: `is not a known key.${cutShort}${advice}${advice === '' ? ` Known here: ${known.join(', ')}.` : ''}`,
  };
}

function parentOf(place: string): string {
  const parent = place.slice(0, Math.max(place.lastIndexOf('.'), 0));
  return parent === '' ? 'the top level' : parent;
}

function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = Reflect.get(value, step);
  }
  return value;
}
