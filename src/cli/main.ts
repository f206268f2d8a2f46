import { WorkbenchError } from '../utils/errors';
import { exportFeast } from './export';
import { exportFromWorkspace } from './export-workspace';
import { historicalFeatures } from './historical-features';
import { importIntoWorkspace } from './import';
import { models } from './models';
import { parseArguments, type Arguments } from './arguments';
import type { Outcome, Say } from './outcome';
import { predictFile } from './predict';
import { run } from './run';
import { runs } from './runs';
import { train } from './train';
import { tune } from './tune';

const EXIT_FAILED = 1;
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
    const {
      summary,
      text,
      failed = false,
    } = await carryOut(parsed, parsed.quiet ? () => undefined : sayOnStandardError);
    process.stdout.write(parsed.json ? `${JSON.stringify(summary)}\n` : text);
    return failed ? EXIT_FAILED : 0;
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

function carryOut(args: Arguments, say: Say): Promise<Outcome> {
  switch (args.verb) {
    case 'run':
      return run(args, say);
    case 'train':
      return train(args, say);
    case 'runs':
      return runs(args, say);
    case 'tune':
      return tune(args, say);
    case 'predict':
      return predictFile(args, say);
    case 'historical-features':
      return historicalFeatures(args, say);
    case 'export':
      return args.format === 'feast' ? exportFeast(args, say) : exportFromWorkspace(args, say);
    case 'models':
      return models(args, say);
    case 'import':
      return importIntoWorkspace(args, say);
  }
}

function sayOnStandardError(line: string): void {
  process.stderr.write(`${line}\n`);
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
