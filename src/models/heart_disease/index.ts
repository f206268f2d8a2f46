import type { ModelDefinition } from '../types';
import { CLOCK, LONGEST_LABEL_DELAY_DAYS, WINDOW_DAYS } from './clock';
import { DEFINITIONS, SENSITIVE } from './features';
import { generate, generateWindow } from './generator';
import { exertion } from './on-demand';
import { SCENARIOS } from './scenarios';

/** Heart disease after the UCI table, with patients who come back, laboratory values and outcomes known weeks later. */
export const definition: ModelDefinition = {
  name: 'heart_disease',
  definitions: DEFINITIONS,
  onDemand: { exertion },
  labels: { table: 'outcomes', event_timestamp: 'event_timestamp', label_timestamp: 'label_timestamp' },
  sensitive: SENSITIVE,
  clock: CLOCK,
  windowDays: WINDOW_DAYS,
  labelDelayDays: LONGEST_LABEL_DELAY_DAYS,
  scenarios: SCENARIOS,
  generate,
  generateWindow,
};
