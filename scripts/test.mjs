import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildCommand, buildSite, ensureInstalled, root, toolPath } from './install.mjs';
import { findOrInstallBrowser } from './browser.mjs';
import { close, watched } from './tally.mjs';

const KINDS = ['--node', '--browser', '--journeys'];
const args = process.argv.slice(2);
const long = args.includes('--long');
const chosen = KINDS.filter((kind) => args.includes(kind));
const kinds = chosen.length > 0 ? chosen : KINDS;
/** Everything else goes to the runners: a part of a file's name, -t NAME, … */
const rest = args.filter((arg) => !KINDS.includes(arg) && arg !== '--long');
const reports = join(root, '.cache', 'reports');

ensureInstalled();
if (long || kinds.some((kind) => kind !== '--node')) {
  process.env.GLASSHOUSE_BROWSER = findOrInstallBrowser();
  console.log(`Browser: ${process.env.GLASSHOUSE_BROWSER}`);
}
buildCommand();
if (long || kinds.includes('--journeys')) buildSite();
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });

const parts = [];
if (long) {
  parts.push(await vitest('long'), await journeys('long'));
} else {
  if (kinds.includes('--node')) parts.push(await vitest('node'));
  if (kinds.includes('--browser')) parts.push(await vitest('browser'));
  if (kinds.includes('--journeys')) parts.push(await journeys('journeys'));
}
close(parts);

/** @param {string} project */
async function vitest(project) {
  const file = join(reports, `${project}.json`);
  const flags = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`, ...rest];
  // Of the tests that take minutes there may be none of one kind; the sum must not be nothing.
  if (long) flags.push('--passWithNoTests');
  const { status } = await watched(process.execPath, [toolPath('vitest'), 'run', '--project', project, ...flags]);
  const { numPassedTests: passed = 0, numFailedTests: failed = 0, numPendingTests: skipped = 0 } = read(file);
  if (skipped > 0) console.log(`${skipped} tests of ${project} were skipped; each counts as failed.`);
  return { status, passed, failed: failed + skipped };
}

/** @param {string} project */
async function journeys(project) {
  const file = join(reports, `${project}-playwright.json`);
  const command = [toolPath('playwright'), 'test', ...rest, '--project', project, '--reporter=list,json'];
  if (long) command.push('--pass-with-no-tests');
  const { status } = await watched(process.execPath, command, { env: { PLAYWRIGHT_JSON_OUTPUT_NAME: file } });
  const { expected = 0, unexpected = 0, flaky = 0, skipped = 0 } = read(file).stats ?? {};
  return { status, passed: expected, failed: unexpected + flaky + skipped };
}

/** @param {string} file */
function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return {};
  }
}
