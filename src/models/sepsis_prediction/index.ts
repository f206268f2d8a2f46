import type { ModelDefinition } from '../types';
import { CLOCK, LONGEST_LABEL_DELAY_DAYS, WINDOW_DAYS } from './clock';
import { DEFINITIONS, SENSITIVE } from './features';
import { generate, generateWindow } from './generator';
import { SCENARIOS } from './scenarios';

/** Sepsis on the ward: observations every four hours, laboratory values, and an answer settled within days. */
export const definition: ModelDefinition = {
  name: 'sepsis_prediction',
  definitions: DEFINITIONS,
  labels: { table: 'outcomes', event_timestamp: 'event_timestamp', label_timestamp: 'label_timestamp' },
  sensitive: SENSITIVE,
  clock: CLOCK,
  windowDays: WINDOW_DAYS,
  labelDelayDays: LONGEST_LABEL_DELAY_DAYS,
  scenarios: SCENARIOS,
  generate,
  generateWindow,
};
