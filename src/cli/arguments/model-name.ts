import { usage } from './flags';

/** A model of a workspace, and which of its versions is meant. */
export interface ModelName {
  readonly name: string;
  readonly version?: number;
  readonly alias?: string;
}

/** "NAME", "NAME@champion" or "NAME/3". Throws USAGE for anything else. */
export function parseModelName(flag: string, text: string): ModelName {
  const [, name = '', alias, version] = /^([^@/]+)(?:@([^@/]+)|\/(\d{1,15}))?$/.exec(text.trim()) ?? [];
  if (name === '') throw usage(`--${flag} is "${text.slice(0, 60)}"; give NAME, NAME@champion or NAME/3.`);
  return {
    name,
    ...(alias === undefined ? {} : { alias }),
    ...(version === undefined ? {} : { version: Number(version) }),
  };
}
