import type { RunsArguments } from './arguments/runs';
import type { Outcome, Say } from './outcome';
import { WorkspaceFile } from './workspace-file';

/** The JSON of `glasshouse runs --json`; docs/cli.md describes it and a test holds it to its schema. */
export interface RunsSummary {
  /** Runs looked through, and those of them that the filter finds. */
  readonly total: number;
  readonly matched: number;
  readonly columns: readonly string[];
  readonly runs: readonly {
    readonly run_id: string;
    readonly model: string;
    readonly run_name: string;
    readonly status: string;
    readonly start_time: number;
    readonly end_time: number;
    readonly kind: string;
    /** In the order of `columns`; null where the run has none. */
    readonly cells: readonly (string | number | null)[];
  }[];
}

/** Finds runs of a workspace file. */
export async function runs(args: RunsArguments, say: Say): Promise<Outcome> {
  say(`reading ${args.workspace} …`);
  const file = await WorkspaceFile.open(args.workspace, { config: args.config, mode: 'read' });
  const { model, filter, orderBy, columns, trash, limit } = args;
  const found = await file.workspace.searchRuns({
    ...(model === null ? {} : { models: [model] }),
    stages: trash ? 'deleted' : 'active',
    filter,
    orderBy,
    columns,
    limit,
  });
  const summary: RunsSummary = {
    total: found.total,
    matched: found.matched,
    columns,
    runs: found.rows.map(({ run_id, experiment_id, run_name, status, start_time, end_time, kind, cells }) => ({
      run_id,
      model: experiment_id,
      run_name,
      status,
      start_time,
      end_time,
      kind,
      cells,
    })),
  };
  return { summary, text: describe(summary) };
}

function describe({ total, matched, columns, runs: rows }: RunsSummary): string {
  const head = ['run_id', 'run_name', ...columns].join('\t');
  const lines = rows.map(({ run_id, run_name, cells }) =>
    [run_id, run_name, ...cells.map((cell) => (typeof cell === 'number' ? cell.toPrecision(6) : (cell ?? '')))].join(
      '\t',
    ),
  );
  return `${matched} of ${total} runs\n${[head, ...lines].join('\n')}\n`;
}
