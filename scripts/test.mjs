import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildCommand, buildSite, ensureInstalled, root } from './install.mjs';
import { findOrInstallBrowser } from './browser.mjs';
import { close, watched } from './tally.mjs';

const KINDS = ['--node', '--browser', '--journeys'];
const args = process.argv.slice(2);
const long = args.includes('--long');
const chosen = KINDS.filter((kind) => args.includes(kind));
const kinds = chosen.length > 0 ? chosen : long ? [] : KINDS;
const rest = args.filter((arg) => !KINDS.includes(arg) && arg !== '--long');
const reports = join(root, '.cache', 'reports');

ensureInstalled();
process.env.GLASSHOUSE_BROWSER = findOrInstallBrowser();
console.log(`Browser: ${process.env.GLASSHOUSE_BROWSER}`);
buildCommand();
if (kinds.includes('--journeys')) buildSite();
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });

const parts = [];
if (kinds.includes('--node')) parts.push(await vitest('node'));
if (kinds.includes('--browser')) parts.push(await vitest('browser'));
if (kinds.includes('--journeys')) parts.push(await journeys());
if (long) parts.push(await vitest('long'));
close(parts);

async function vitest(project) {
  const file = join(reports, `${project}.json`);
  const { status } = await watched('npx', ['vitest', 'run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`, ...rest]);
  const { numPassedTests: passed = 0, numFailedTests: failed = 0, numPendingTests: skipped = 0 } = read(file);
  if (skipped > 0) console.log(`${skipped} tests of ${project} were skipped; none may be.`);
  return { status, passed, failed: failed + skipped };
}

async function journeys() {
  const file = join(reports, 'journeys.json');
  const { status } = await watched('npx', ['playwright', 'test', '--reporter=list,json', ...rest], { PLAYWRIGHT_JSON_OUTPUT_NAME: file });
  const { expected = 0, unexpected = 0, flaky = 0, skipped = 0 } = read(file).stats ?? {};
  return { status, passed: expected, failed: unexpected + flaky + skipped };
}

function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return {};
  }
}
