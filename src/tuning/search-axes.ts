import { compileSpace } from './compile-space';
import type { Assignment } from './space-types';
import type { Study } from './types';

/** A parameter that was searched. */
export interface SearchAxis {
  readonly parameter: string;
  /** Searched on a logarithmic scale. */
  readonly log: boolean;
  /** Distinct values of a choice, in its order; null for numbers of a range. */
  readonly options: readonly (number | string | boolean)[] | null;
}

/** What a study searched, by parameter: branches that set the same one are one axis. */
export function searchAxes({ space }: Study): readonly SearchAxis[] {
  if (!space) return [];
  const axes = new Map<string, SearchAxis>();
  const add = (axis: SearchAxis): void => {
    const known = axes.get(axis.parameter);
    const options = known?.options && axis.options ? [...new Set([...known.options, ...axis.options])] : null;
    axes.set(axis.parameter, known ? { ...axis, log: known.log && axis.log, options } : axis);
  };
  const walk = (assignments: readonly Assignment[]): void => {
    for (const { parameter, value } of assignments) {
      if (typeof value !== 'object') {
        add({ parameter, log: false, options: [value] });
        continue;
      }
      const { distribution, options } = value;
      if (options) options.forEach(walk);
      else add({ parameter, log: 'log' in distribution && distribution.log, options: null });
    }
  };
  walk(compileSpace(space).assignments);
  return [...axes.values()];
}
