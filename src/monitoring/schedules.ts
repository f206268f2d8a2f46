import type { ScheduleConfig } from '../config/schema';

const DAY = 86_400_000_000;

/** Where a schedule stands on the simulated clock; times in microseconds. */
export interface ScheduleState extends ScheduleConfig {
  /** When it last ran; null when it never did. */
  readonly last: number | null;
  /** When it falls due; the clock itself when it never ran. */
  readonly next: number;
  readonly due: boolean;
}

/**
 * Which checks are due at `clock`: those that never ran, and those last run at least `every_days` days ago. `lastRuns`
 * holds microseconds by schedule name. A check that was due several times over is due once.
 */
export function dueSchedules(
  schedules: readonly ScheduleConfig[],
  lastRuns: ReadonlyMap<string, number>,
  clock: number,
): ScheduleState[] {
  return schedules.map((schedule) => {
    const last = lastRuns.get(schedule.name) ?? null;
    const next = last === null ? clock : last + schedule.every_days * DAY;
    return { ...schedule, last, next, due: clock >= next };
  });
}
