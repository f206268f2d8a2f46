/**
 * @param {{
 *   readonly rows: number, readonly trials: number, readonly threads: number,
 *   readonly ours: readonly import('./main.mjs').Search[], readonly theirs: readonly import('./main.mjs').Search[],
 *   readonly marks: readonly import('./main.mjs').Mark[], readonly machine: readonly string[] }} done
 */
export function report({ rows, trials, threads, ours, theirs, marks, machine }) {
  const line = (/** @type {string} */ name, /** @type {readonly import('./main.mjs').Search[]} */ searches) => {
    const seconds = searches.map((one) => one.seconds);
    const losses = searches.map((one) => one.loss);
    const ratio = median(theirs.map((one) => one.seconds)) / median(seconds);
    return `| ${name} | ${median(seconds).toFixed(2)} | ${range(seconds, 2)} | ${median(losses).toFixed(5)} | ${range(losses, 5)} | ${ratio.toFixed(2)} |`;
  };
  return `# Tuning benchmark

${machine.map((line) => `- ${line}`).join('\n')}

${trials} configurations by TPE on ${rows.toLocaleString('en')} rows of 14 columns, one fifth of the rows to validate on,
200 rounds at most, early stopping after 20; a seed a run, the same rows, space and settings for both. Seconds from the
data in memory to the last trial. Ours in Node on one thread, one trial at a time; Hyperopt with XGBoost's native library
on ${threads} threads, one trial at a time.

| | seconds, median | range | best log loss, median | range | Hyperopt's seconds ÷ these |
| --- | --- | --- | --- | --- | --- |
${line('Glasshouse in Node', ours)}
${theirs.length > 0 ? line('Hyperopt with XGBoost', theirs) : ''}

## Hyperopt's pass marks

Of seeds 0 to ${(marks[0]?.seeds ?? 1) - 1} on Hyperopt's own test domains, how many come below its pass mark. "As likely": whether
ours lies within the 95% interval (Wilson) of Hyperopt's share, or the other way round.

| domain | mark | ours | Hyperopt | random search | as likely |
| --- | --- | --- | --- | --- | --- |
${marks
  .map(
    ({ domain, mark, ours: o, theirs: t, random, seeds }) =>
      `| ${domain} | ${mark} | ${o} | ${t ?? '–'} | ${random} | ${t === null ? '–' : within(o, t, seeds) || within(t, o, seeds) ? 'yes' : 'no'} |`,
  )
  .join('\n')}
`;
}

/** @param {readonly number[]} values */
function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? NaN) + (sorted[Math.floor(middle)] ?? NaN)) / 2;
}

/**
 * @param {readonly number[]} values
 * @param {number} digits
 */
function range(values, digits) {
  return `${Math.min(...values).toFixed(digits)}–${Math.max(...values).toFixed(digits)}`;
}

/**
 * Whether a count lies in the 95% Wilson interval of another of n.
 * @param {number} count
 * @param {number} of
 * @param {number} n
 */
function within(count, of, n) {
  const z = 1.96;
  const share = of / n;
  const middle = (share + z ** 2 / (2 * n)) / (1 + z ** 2 / n);
  const half = (z / (1 + z ** 2 / n)) * Math.sqrt((share * (1 - share)) / n + z ** 2 / (4 * n ** 2));
  return count / n >= middle - half && count / n <= middle + half;
}
