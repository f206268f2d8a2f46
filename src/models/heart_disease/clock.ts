/** Times are microseconds since 1970 UTC. */
export const MINUTE = 60_000_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const YEAR = 365.25 * DAY;

/** Where the simulated clock stands after `generate`: 2026-03-02 00:00 UTC. */
export const CLOCK = 1_772_409_600_000_000;
/** 24 months before it: 2024-03-02 00:00 UTC. */
export const HISTORY_START = 1_709_337_600_000_000;
export const HISTORY_MIDDLE = (HISTORY_START + CLOCK) / 2;

export const WINDOW_DAYS = 90;
/** An outcome becomes known so many days after the visit. */
export const SHORTEST_LABEL_DELAY_DAYS = 21;
export const LONGEST_LABEL_DELAY_DAYS = 42;
