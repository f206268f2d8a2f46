import { WorkbenchError } from '../utils/errors';
import type { StageProgress } from '../pipeline/views';
import { parseArguments } from './arguments';
import { run, type RunSummary } from './run';

const EXIT_INPUT = 2;
const EXIT_BUG = 3;

/** Runs one command and returns its exit code. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    const parsed = parseArguments(args);
    if (typeof parsed === 'string') {
      process.stdout.write(parsed);
      return 0;
    }
    const summary = await run(parsed, parsed.quiet ? () => undefined : progressLine());
    process.stdout.write(parsed.json ? `${JSON.stringify(summary)}\n` : describe(summary, parsed.out));
    return 0;
  } catch (error) {
    if (error instanceof WorkbenchError) {
      process.stderr.write(`glasshouse: ${error.message}\n`);
      return EXIT_INPUT;
    }
    process.stderr.write(
      `glasshouse: a bug: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    return EXIT_BUG;
  }
}

/** A line when a stage begins, and one a tenth of the search, on standard error. */
function progressLine(): (progress: StageProgress) => void {
  let last = '';
  return ({ stage, label, done, total }) => {
    const searching = label.startsWith('configuration ');
    const key = searching ? `${stage} ${Math.floor((10 * done) / Math.max(total, 1))}` : stage;
    if (key === last || (!searching && last.startsWith(stage))) return;
    last = key;
    process.stderr.write(searching ? `${stage}: ${label}\n` : `${stage} …\n`);
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

/** A reader that went away ends the command quietly; a full disk is said. */
function watchOutput(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    process.stderr.write(`glasshouse: Cannot write the answer: ${error.message}.\n`);
    process.exit(EXIT_INPUT);
  });
}

watchOutput();
process.exitCode = await main(process.argv.slice(2));
