import { basename } from 'node:path';
import { OUTPUT_NAMES, runOutputs } from '../pipeline/outputs';
import { findSpec } from '../pipeline/specs';
import { Workspace } from '../pipeline/workspace';
import type { StageProgress } from '../pipeline/views';
import type { ModelKind } from '../training/model';
import { sha256Hex } from '../utils/hash';
import type { RunArguments } from './arguments/run';
import { readConfig } from './config-file';
import { nodePlatform } from './node-platform';
import type { Outcome, Say } from './outcome';
import { OutputFolder } from './output-folder';
import { readBytes } from './table-file';
import { WorkspaceFile } from './workspace-file';

/** The JSON of `glasshouse run --json`; docs/cli.md describes it and a test holds it to its schema. */
export interface RunSummary {
  readonly model: string;
  readonly kind: ModelKind;
  readonly seed: number;
  readonly version: number;
  readonly verdict: string;
  readonly reason: string;
  readonly model_sha256: string;
  readonly dataset_sha256: string;
  readonly rows: number;
  readonly trials: number;
  readonly trees: number;
  readonly holdout: {
    readonly n: number;
    readonly metrics: Readonly<Record<string, { readonly value: number; readonly low: number; readonly high: number }>>;
  };
  readonly drift: { readonly verdict: string; readonly drifted: readonly string[] } | null;
  readonly files: readonly string[];
}

/** Runs the whole lifecycle and writes its files, all of them or none, and the workspace where one is named. */
export async function run(args: RunArguments, say: Say): Promise<Outcome> {
  const folder = args.out === null ? null : await OutputFolder.open(args.out);
  let file: WorkspaceFile | null = null;
  try {
    if (args.workspace !== null) file = await WorkspaceFile.open(args.workspace, { config: args.config, mode: 'make' });
    const summary = await runInto(folder, file ?? (await inMemory(args)), args, progressLine(say));
    await file?.save();
    return { summary, text: describe(summary, args.out) };
  } catch (error) {
    await folder?.abandon();
    await file?.abandon();
    throw error;
  }
}

type Opened = Pick<WorkspaceFile, 'platform' | 'config' | 'workspace'>;

async function inMemory(args: RunArguments): Promise<Opened> {
  const config = await readConfig(args.config);
  const platform = nodePlatform();
  return { config, platform, workspace: new Workspace(platform, config) };
}

async function runInto(
  folder: OutputFolder | null,
  { platform, config, workspace }: Opened,
  args: RunArguments,
  report: (progress: StageProgress) => void,
): Promise<RunSummary> {
  const model = args.data === null ? (args.model ?? '') : await createFromFile(workspace, args, args.data);
  await workspace.run(model, { seed: args.seed, rows: args.rows, maxEvals: args.maxEvals }, report);
  const files = await runOutputs(platform, await findSpec(platform, config, model));
  await folder?.write(files, OUTPUT_NAMES);
  return summarise(workspace, model, files);
}

async function createFromFile(workspace: Workspace, args: RunArguments, path: string): Promise<string> {
  return workspace.createModel({
    fileName: basename(path),
    bytes: await readBytes(path),
    label: args.label ?? '',
    positive: args.positive ?? '',
    entity: args.entity ?? undefined,
    eventTimestamp: args.eventTimestamp ?? undefined,
  });
}

async function summarise(workspace: Workspace, model: string, files: ReadonlyMap<string, string>): Promise<RunSummary> {
  const training = await workspace.trainingView(model);
  const registry = await workspace.registryView(model);
  const monitoring = await workspace.monitoringView(model);
  const version = registry?.versions.reduce((newest, candidate) =>
    candidate.version > newest.version ? candidate : newest,
  );
  if (!training || !version) throw new Error('invariant: a finished run has no training or version');
  const [report] = monitoring?.reports ?? [];
  return {
    model,
    kind: training.kind,
    seed: training.run.seed,
    version: version.version,
    verdict: version.decision?.verdict ?? 'none',
    reason: version.decision?.reason ?? '',
    model_sha256: sha256Hex(files.get('model.json') ?? ''),
    dataset_sha256: training.run.dataset.digest,
    rows: training.run.dataset.rows,
    trials: training.study.trials.length,
    trees: (training.bestIteration + 1) * Number(training.run.params['num_parallel_tree'] ?? 1),
    holdout: {
      n: training.evaluation.n,
      metrics: Object.fromEntries(
        Object.entries(training.evaluation.metrics).map(([name, { value, low, high }]) => [name, { value, low, high }]),
      ),
    },
    drift: report
      ? { verdict: report.verdict, drifted: report.checks.filter((check) => check.drifted).map((check) => check.check) }
      : null,
    files: [...files.keys()],
  };
}

/** A line when a stage begins, and one a tenth of the search, on standard error. */
function progressLine(say: Say): (progress: StageProgress) => void {
  let last = '';
  return ({ stage, label, done, total }) => {
    const searching = label.startsWith('configuration ');
    const key = searching ? `${stage} ${Math.floor((10 * done) / Math.max(total, 1))}` : stage;
    if (key === last || (!searching && last.startsWith(stage))) return;
    last = key;
    say(searching ? `${stage}: ${label}` : `${stage} …`);
  };
}

function describe(summary: RunSummary, out: string | null): string {
  const shown = (value: number | undefined) => (value ?? NaN).toFixed(3);
  const auc = summary.holdout.metrics['roc_auc'];
  return [
    `${summary.model}, seed ${summary.seed}: ${summary.trials} configurations, ${summary.trees} trees.`,
    `ROC-AUC ${shown(auc?.value)} (${shown(auc?.low)} to ${shown(auc?.high)}) on ${summary.holdout.n} held-out rows.`,
    summary.reason,
    summary.drift?.verdict ?? 'No drift checks: the data has no event time.',
    out === null ? 'Nothing written: give --out DIR for files.' : `Written to ${out}: ${summary.files.join(', ')}.`,
    '',
  ].join('\n');
}
