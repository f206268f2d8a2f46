import type { FeatureStatus } from '../../src/features/types';
import type { OnlineAnswer, OnlineStoreView } from '../../src/pipeline/store/types';
import { DEFINITIONS, NAMES } from './fixture-features';
import { DAY, NOW } from './fixture-tables';

export function onlineStore(): OnlineStoreView {
  return {
    clock: NOW,
    views: DEFINITIONS.views.map((view, at) => ({
      view: view.name,
      online: true,
      entities: at === 2 ? 9421 : 10_000,
      oldest: NOW - 720 * DAY,
      newest: NOW - (1 + at) * DAY,
      ttl: view.ttl,
      expired: view.ttl === 0 ? 0 : 2310 + 900 * at,
      counts: Array.from({ length: 24 }, (_, i) => 20 + 3 * i * i + ((i * 37) % 90)),
      intervals: [
        { from: Number.MIN_SAFE_INTEGER, to: NOW - 30 * DAY },
        ...(at === 1 ? [{ from: NOW - 20 * DAY, to: NOW }] : []),
      ],
    })),
  };
}

export function onlineAnswer(rows: number): OnlineAnswer {
  const statuses: readonly FeatureStatus[] = ['PRESENT', 'PRESENT', 'NULL_VALUE', 'OUTSIDE_MAX_AGE', 'NOT_FOUND'];
  return {
    feature_names: NAMES.map((name) => name.split(':')[1] ?? name),
    results: Array.from({ length: rows }, (_, row) =>
      NAMES.map((name, i) => {
        const status = statuses[(i + row) % statuses.length] ?? 'PRESENT';
        return {
          feature: name,
          value: status === 'PRESENT' ? 40 + i * 7.5 : null,
          status,
          event_timestamp: status === 'NOT_FOUND' ? null : NOW - (3 + i) * DAY,
        };
      }),
    ),
  };
}
