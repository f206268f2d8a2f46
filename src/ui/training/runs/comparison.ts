import type { RunComparison } from '../../../pipeline/runs/types';

const COLORS = ['var(--c1)', 'var(--c2)', 'var(--c3)', 'var(--c5)', 'var(--c4)', 'var(--c6)', 'var(--c7)'] as const;

/** How a run is drawn in every picture of a comparison: a colour, and past the seventh run dashes. */
export function markOf(index: number): { readonly color: string; readonly dashed: boolean } {
  return { color: COLORS[index % COLORS.length] ?? COLORS[0], dashed: index >= COLORS.length };
}

/** Names that tell runs apart: those that occur twice get the start of their id. */
export function namesOf({ runs }: Pick<RunComparison, 'runs'>): readonly string[] {
  const names = runs.map((run) => run.run_name);
  return runs.map(({ run_name, run_id }) =>
    names.filter((name) => name === run_name).length > 1 ? `${run_name} ${run_id.slice(0, 6)}` : run_name,
  );
}

export function differs(values: readonly (string | number | null)[]): boolean {
  return values.some((value) => value !== values[0]);
}

/** Places of the best values of a metric; none where all are equal or the key says no direction. */
export function bestPlaces(key: string, values: readonly (number | null)[]): ReadonlySet<number> {
  const more = /(auc|precision|recall|accuracy|f1|r2|ndcg|map|score)$/.test(key);
  const less = /(loss|error|rmse|mae|mape|brier|deviance)$/.test(key);
  const there = values.filter((value) => value !== null && !Number.isNaN(value));
  if (more === less || there.length < 2 || !differs(values)) return new Set();
  const best = more ? Math.max(...(there as number[])) : Math.min(...(there as number[]));
  return new Set(values.flatMap((value, at) => (value === best ? [at] : [])));
}
