import { COMMON, needed, oneOf, readFlags, usage } from './flags';

const ONLINE = ['sqlite', 'redis'] as const;
const OFFLINE = ['dask', 'duckdb'] as const;

/** What `glasshouse export` is asked. */
export interface ExportArguments {
  readonly verb: 'export';
  /** Folder that becomes a Feast repository. */
  readonly feast: string;
  /** Folder with features.yaml. */
  readonly repo: string;
  readonly online: (typeof ONLINE)[number];
  readonly redis: string;
  readonly offline: (typeof OFFLINE)[number];
  readonly json: boolean;
  readonly quiet: boolean;
}

const OPTIONS = {
  feast: { type: 'string' },
  repo: { type: 'string' },
  online: { type: 'string' },
  redis: { type: 'string' },
  offline: { type: 'string' },
  ...COMMON,
} as const;

/** The flags of `glasshouse export`; null when help is asked for. Throws USAGE sentences. */
export function parseExportArguments(args: readonly string[]): ExportArguments | null {
  const values = readFlags(args, OPTIONS);
  if (values.help) return null;
  const online = oneOf('online', values.online, ONLINE) ?? (values.redis === undefined ? 'sqlite' : 'redis');
  if (online === 'sqlite' && values.redis !== undefined) throw usage('--redis belongs to --online redis.');
  return {
    verb: 'export',
    feast: needed('feast', values.feast, 'the folder that becomes a Feast repository'),
    repo: values.repo ?? '.',
    online,
    redis: values.redis ?? 'localhost:6379',
    offline: oneOf('offline', values.offline, OFFLINE) ?? 'dask',
    json: values.json ?? false,
    quiet: values.quiet ?? false,
  };
}
