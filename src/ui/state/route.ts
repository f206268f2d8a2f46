import type { Stage } from '../../pipeline/views';
import { STAGE_ORDER } from '../stages';

/** Where the page is: kept in the URL hash as "#model/stage/tab&name=value". */
export interface Route {
  readonly model: string | null;
  readonly stage: Stage;
  /** Empty: the stage's first tab. */
  readonly tab: string;
  readonly params: Readonly<Record<string, string>>;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function isStage(text: string): text is Stage {
  return (STAGE_ORDER as readonly string[]).includes(text);
}

/** Reads a hash, with or without "#". Whatever is unknown is left out, so that an old link still opens. */
export function parseRoute(hash: string): Route {
  const [path = '', ...pairs] = hash.replace(/^#\/?/, '').split('&');
  const [model = '', stage = '', tab = ''] = path.split('/').map(decode);
  const params = new Map<string, string>();
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    if (at > 0) params.set(decode(pair.slice(0, at)), decode(pair.slice(at + 1)));
  }
  return { model: model || null, stage: isStage(stage) ? stage : 'data', tab, params: Object.fromEntries(params) };
}

/** The hash of a route, with "#"; `parseRoute` reads it back unchanged. */
export function formatRoute(route: Route): string {
  const path = [route.model ?? '', route.stage, route.tab].map(encodeURIComponent).join('/').replace(/\/$/, '');
  const pairs = Object.entries(route.params)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `&${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  return `#${path}${pairs.join('')}`;
}
