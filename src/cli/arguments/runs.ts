import { COMMON, needed, readFlags, wholeNumber } from './flags';

/** What `glasshouse runs` is asked. */
export interface RunsArguments {
  readonly verb: 'runs';
  readonly workspace: string;
  /** Models whose runs are looked through; all when null. */
  readonly model: string | null;
  readonly filter: string;
  readonly orderBy: readonly string[];
  readonly columns: readonly string[];
  readonly trash: boolean;
  readonly limit: number;
  readonly config: string | null;
  readonly json: boolean;
  readonly quiet: boolean;
}

const OPTIONS = {
  workspace: { type: 'string' },
  model: { type: 'string' },
  filter: { type: 'string' },
  'order-by': { type: 'string', multiple: true },
  column: { type: 'string', multiple: true },
  trash: { type: 'boolean' },
  limit: { type: 'string' },
  config: { type: 'string' },
  ...COMMON,
} as const;

/** The flags of `glasshouse runs`; null when help is asked for. Throws USAGE sentences. */
export function parseRunsArguments(args: readonly string[]): RunsArguments | null {
  const values = readFlags(args, OPTIONS);
  if (values.help) return null;
  return {
    verb: 'runs',
    workspace: needed('workspace', values.workspace, 'a workspace file, for example ws.zip'),
    model: values.model ?? null,
    filter: values.filter ?? '',
    orderBy: values['order-by'] ?? [],
    columns: values.column ?? ['metrics.holdout.roc_auc', 'metrics.holdout.log_loss'],
    trash: values.trash ?? false,
    limit: wholeNumber('limit', values.limit, 1, 50_000) ?? 1000,
    config: values.config ?? null,
    json: values.json ?? false,
    quiet: values.quiet ?? false,
  };
}
