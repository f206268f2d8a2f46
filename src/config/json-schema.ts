import { z } from './zod';
import { configSchema } from './schema';
import { PARAMETER_ALIASES } from './aliases';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** JSON Schema (draft 7) of config.yaml: what `static/config.schema.json` holds, aliases of parameters included. */
export function configJsonSchema(): JsonSchema {
  const plain = schemaNode(z.toJSONSchema(configSchema, { io: 'input', target: 'draft-7' }));
  const params = nodeAt(plain, ['models', 0, 'training', 'params']);
  const properties = schemaNode(params?.['properties']);
  for (const [alias, key] of Object.entries(PARAMETER_ALIASES)) {
    const kept = Object.entries(schemaNode(properties[key])).filter(([word]) => word !== 'default');
    Object.assign(properties, { [alias]: { ...Object.fromEntries(kept), description: `Another name of ${key}.` } });
  }
  return { title: 'config.yaml of Glasshouse', ...plain };
}

/** The schema node that describes a path of values. */
export type SchemaAt = (path: readonly (string | number)[], values?: unknown) => JsonSchema | undefined;

/** Looks paths up in the JSON Schema of another file than config.yaml. */
export function schemaLookup(schema: z.ZodType): SchemaAt {
  const root = schemaNode(z.toJSONSchema(schema, { io: 'input', target: 'draft-7' }));
  return (path, values) => nodeAt(root, path, values);
}

let cached: JsonSchema | null = null;

/**
 * The schema node that describes `path`; undefined when the schema knows nothing there.
 * @param values what is described, from its root on: its `type` says which of several forms an entry has.
 */
export function schemaAt(path: readonly (string | number)[], values?: unknown): JsonSchema | undefined {
  cached ??= configJsonSchema();
  return nodeAt(cached, path, values);
}

function nodeAt(root: JsonSchema, path: readonly (string | number)[], values?: unknown): JsonSchema | undefined {
  let node: JsonSchema | undefined = root;
  let value = values;
  for (const step of path) {
    if (!node) return undefined;
    node = stepInto(formOf(node, value), step);
    value = isNode(value) || Array.isArray(value) ? Reflect.get(value, step) : undefined;
  }
  return node && formOf(node, value);
}

function stepInto(node: JsonSchema, step: string | number): JsonSchema | undefined {
  if (typeof step === 'number') {
    const items: unknown = node['items'];
    return isNode(items) ? items : undefined;
  }
  const forms = formsOf(node);
  if (step === 'type' && forms.length > 0) return { enum: forms.map((form) => typeOfForm(form)) };
  const properties: unknown = node['properties'];
  const own = isNode(properties) && Object.hasOwn(properties, step) ? properties[step] : node['additionalProperties'];
  return isNode(own) ? own : undefined;
}

/** Of several forms told apart by `type`, the one that `value` has. */
function formOf(node: JsonSchema, value: unknown): JsonSchema {
  const type = isNode(value) ? value['type'] : undefined;
  return formsOf(node).find((form) => typeOfForm(form) === type) ?? node;
}

function formsOf(node: JsonSchema): readonly JsonSchema[] {
  const forms: unknown = node['oneOf'];
  return Array.isArray(forms) ? forms.map(schemaNode) : [];
}

function typeOfForm(form: JsonSchema): unknown {
  return schemaNode(schemaNode(form['properties'])['type'])['const'];
}

/** Names of the keys that a mapping at `node` may have. */
export function keysOf(node: JsonSchema | undefined): readonly string[] {
  const properties: unknown = node?.['properties'];
  return isNode(properties) ? Object.keys(properties) : [];
}

/** Paths (dotted, lists left out) where the schema knows `key`. */
export function placesOf(key: string, node: JsonSchema | undefined = schemaAt([]), path = ''): readonly string[] {
  if (!node) return [];
  const items: unknown = node['items'];
  const inside = isNode(items) ? items : node;
  return keysOf(inside).flatMap((name) => {
    const here = path ? `${path}.${name}` : name;
    const deeper = placesOf(key, schemaNode(schemaNode(inside['properties'])[name]), here);
    return name === key ? [here, ...deeper] : deeper;
  });
}

function isNode(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function schemaNode(value: unknown): JsonSchema {
  return isNode(value) ? value : {};
}

/** What a value must be, in words: "a number greater than 0 and at most 1". */
export function expectedWords(node: JsonSchema | undefined): string {
  if (!node) return 'something else';
  if ('const' in node) return JSON.stringify(node['const']);
  if (Array.isArray(node['enum'])) return node['enum'].map((value) => JSON.stringify(value)).join(' or ');
  if (Array.isArray(node['anyOf']))
    return node['anyOf'].map((option: unknown) => expectedWords(schemaNode(option))).join(' or ');
  switch (node['type']) {
    case 'integer':
      return `a whole number${boundsWords(node)}`;
    case 'number':
      return `a number${boundsWords(node)}`;
    case 'string':
      return node['minLength'] ? 'text that is not empty' : 'text';
    case 'boolean':
      return 'true or false';
    case 'array':
      return node['minItems'] ? 'a list with at least one entry' : 'a list';
    default:
      return 'keys and values';
  }
}

function boundsWords(node: JsonSchema): string {
  const bound = (key: string): number | null => {
    const value = node[key];
    return typeof value === 'number' && Math.abs(value) < Number.MAX_SAFE_INTEGER ? value : null;
  };
  const shown = (value: number) => value.toLocaleString('en', { maximumFractionDigits: 9 });
  const [least, most, above, below] = [
    bound('minimum'),
    bound('maximum'),
    bound('exclusiveMinimum'),
    bound('exclusiveMaximum'),
  ];
  if (least !== null && most !== null) return ` from ${shown(least)} to ${shown(most)}`;
  const low = least !== null ? `at least ${shown(least)}` : above !== null ? `greater than ${shown(above)}` : '';
  const high = most !== null ? `at most ${shown(most)}` : below !== null ? `less than ${shown(below)}` : '';
  const words = [low, high].filter((part) => part !== '').join(' and ');
  return words === '' ? '' : ` ${words}`;
}
