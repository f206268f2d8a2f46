/** Times are microseconds since 1970 UTC. */
export const MINUTE = 60_000_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Where the simulated clock stands after `generate`: 2026-03-02 00:00 UTC. */
export const CLOCK = 1_772_409_600_000_000;
/** 12 months before it. */
export const HISTORY_START = CLOCK - 365 * DAY;

export const WINDOW_DAYS = 60;
/** Whether it was sepsis is settled so many days after the assessment, at most. */
export const LONGEST_LABEL_DELAY_DAYS = 5;
