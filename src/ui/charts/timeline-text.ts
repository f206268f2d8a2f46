import type { TimelinePoint } from '../../features/types';
import type { Cell } from '../../utils/columns';
import { compact, date, daysBetween, listText } from '../format';

export function valueText(value: Cell): string {
  if (value === null) return 'missing';
  if (typeof value === 'object') return listText(value);
  return typeof value === 'number' ? compact(value) : String(value);
}

/** Why a value of an entity's history is used at the moment asked about, or is not. */
export function whyOf(point: TimelinePoint, at: number): string {
  const away = daysBetween(point.event_timestamp, at);
  const said = `${point.feature} = ${valueText(point.value)}, of ${date(point.event_timestamp)}, ${away} ${point.event_timestamp > at ? 'after' : 'before'} the moment`;
  switch (point.verdict) {
    case 'taken':
      return `${said}: the newest value known by then, so it is the one used.`;
    case 'older':
      return `${said}: a newer value had replaced it.`;
    case 'late':
      return `${said}: not known yet. Using it would leak the future into training.`;
    case 'unknown':
      return `${said}: recorded only ${point.created_timestamp === null ? 'later' : `on ${date(point.created_timestamp)}`}. Using it would leak what nobody knew into training.`;
    case 'expired':
      return `${said}: older than its feature view allows, so it is not used.`;
  }
}
