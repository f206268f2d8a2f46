import { readFileSync } from 'node:fs';
import { compareTrees, nothingCompared } from './compare-trees.mjs';

// Run: node compare-cases.mjs FILE. FILE lists cases as {name, ours, theirs, leaves}: trees of both sides, and whether
// their leaf values can be compared. Prints one PASS or FAIL line a case, and one for the share of splits that part.

const LEAF_TOLERANCE = 1e-4;
const MOST_TIES = 0.01;

/** @type {readonly { readonly name: string, readonly ours: import('./compare-trees.mjs').ListedTree[], readonly theirs: import('./compare-trees.mjs').ListedTree[], readonly leaves: boolean }[]} */
const cases = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));
let [splits, ties, failed] = [0, 0, 0];

for (const { name, ours, theirs, leaves } of cases) {
  const found = nothingCompared();
  compareTrees(ours, theirs, found);
  splits += found.splits;
  ties += found.ties;
  const leafFault =
    leaves && !(found.worstLeaf <= LEAF_TOLERANCE) ? `leaf values are ${found.worstLeaf} apart, relatively` : null;
  report(`${name}: trees`, found.fault ?? leafFault ?? (found.splits === 0 ? 'there is no split' : null));
}
console.log(`${splits} splits compared, ${ties} part at near ties`);
report(
  'splits that part are fewer than 1 in 100',
  splits > 1000 && ties / splits < MOST_TIES ? null : `${ties} of ${splits}`,
);
process.exitCode = failed > 0 ? 1 : 0;

/**
 * @param {string} name
 * @param {string | null} fault
 */
function report(name, fault) {
  if (fault !== null) failed += 1;
  console.log(fault === null ? `PASS ${name}` : `FAIL ${name}: ${fault}`);
}
