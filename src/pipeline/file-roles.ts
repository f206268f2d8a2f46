import { WorkbenchError } from '../utils/errors';
import type { FileModelRequest, FilePreview } from './views';

/** Names the workbench gives columns of its own, and the one role in which a file may bring each. */
const OWN_NAMES = {
  row_id: { role: 'entity', words: 'key (entity)' },
  imported_at: { role: 'eventTimestamp', words: 'event time' },
  event_timestamp: { role: 'eventTimestamp', words: 'event time' },
} as const;

/** Refuses columns chosen as key, time or to be ignored that are not there, are of the wrong type or the same twice. */
export function checkRoles(request: FileModelRequest, preview: FilePreview): void {
  refuseOwnNames(request, preview);
  const { label, entity, eventTimestamp } = request;
  if (entity !== undefined) requireColumn(request, preview, 'key (entity)', entity);
  if (eventTimestamp !== undefined) requireColumn(request, preview, 'event time', eventTimestamp);
  for (const name of request.ignore ?? []) requireColumn(request, preview, 'column to ignore', name);
  const chosen = [
    { name: label, words: 'label' },
    { name: entity, words: 'key (entity)' },
    { name: eventTimestamp, words: 'event time' },
    ...(request.ignore ?? []).map((name) => ({ name, words: 'a column to ignore' })),
  ];
  for (const [i, { name, words }] of chosen.entries()) {
    const before = chosen.slice(0, i).find((other) => other.name !== undefined && other.name === name);
    if (before)
      refuse(
        `The column "${name ?? ''}" of ${request.fileName} is chosen as ${before.words} and as ${words}. Choose two different columns.`,
      );
  }
  const time = preview.columns.find((column) => column.name === eventTimestamp);
  if (time && time.type !== 'timestamp') {
    refuse(
      `The event time "${time.name}" of ${request.fileName} is read as ${time.type}, not as a time. Choose a column of dates or times, written like 2026-03-31 or 2026-03-31T12:00:00.`,
    );
  }
}

function refuseOwnNames(request: FileModelRequest, preview: FilePreview): void {
  for (const [name, { role, words }] of Object.entries(OWN_NAMES)) {
    if (request[role] !== name && preview.columns.some((column) => column.name === name)) {
      refuse(
        `${request.fileName} has a column "${name}", a name the workbench gives its own column. Choose it as the ${words}, or rename it in the file.`,
      );
    }
  }
}

function requireColumn(request: FileModelRequest, preview: FilePreview, words: string, name: string): void {
  if (preview.columns.some((column) => column.name === name)) return;
  const names = preview.columns.slice(0, 30).map((column) => column.name);
  const more = preview.columns.length > names.length ? `, … (${preview.columns.length} in all)` : '';
  refuse(`${request.fileName} has no column "${name}" for the ${words}. Its columns are ${names.join(', ')}${more}.`);
}

function refuse(text: string): never {
  throw new WorkbenchError('DATA_INVALID', text);
}
