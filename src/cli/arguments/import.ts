import { parseArgs } from 'node:util';
import { COMMON, needed, oneOf, readFlags, usage } from './flags';

const CONFLICTS = ['refuse', 'rename', 'skip'] as const;

/** What `glasshouse import` is asked. */
export interface ImportArguments {
  readonly verb: 'import';
  readonly bundle: string;
  /** Bundle that it comes into; made where it is missing. */
  readonly workspace: string;
  /** What becomes of a model whose name is taken. */
  readonly onConflict: (typeof CONFLICTS)[number];
  readonly config: string | null;
  readonly json: boolean;
  readonly quiet: boolean;
}

const OPTIONS = {
  workspace: { type: 'string' },
  'on-conflict': { type: 'string' },
  config: { type: 'string' },
  ...COMMON,
} as const;

/** The file and the flags of `glasshouse import`; null when help is asked for. Throws USAGE sentences. */
export function parseImportArguments(args: readonly string[]): ImportArguments | null {
  const { positionals } = parseArgs({ args: [...args], options: OPTIONS, strict: false, allowPositionals: true });
  const values = readFlags(withoutFirst(args, positionals[0]), OPTIONS);
  if (values.help) return null;
  const [bundle] = positionals;
  if (bundle === undefined) throw usage('No bundle is given; write glasshouse import BUNDLE.zip --workspace ws.zip.');
  return {
    verb: 'import',
    bundle,
    workspace: needed('workspace', values.workspace, 'the bundle it comes into'),
    onConflict: oneOf('on-conflict', values['on-conflict'], CONFLICTS) ?? 'refuse',
    config: values.config ?? null,
    json: values.json ?? false,
    quiet: values.quiet ?? false,
  };
}

function withoutFirst(args: readonly string[], first: string | undefined): readonly string[] {
  const at = first === undefined ? -1 : args.indexOf(first);
  return args.filter((_, i) => i !== at);
}
