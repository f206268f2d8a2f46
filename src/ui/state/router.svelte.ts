import { formatRoute, parseRoute, type Route } from './route';

/** The route as reactive state, in step with the address bar. */
export class Router {
  route = $state.raw<Route>(parseRoute(location.hash));

  /** Starts following back and forward; returns a function that stops. */
  start(): () => void {
    const read = () => (this.route = parseRoute(location.hash));
    window.addEventListener('hashchange', read);
    return () => window.removeEventListener('hashchange', read);
  }

  hashOf(change: Partial<Route>): string {
    return formatRoute({ ...this.route, ...change });
  }

  /** Goes somewhere as a new history entry. Another stage drops the old one's tab and parameters. */
  go(change: Partial<Route>): void {
    const leaves =
      (change.stage ?? this.route.stage) !== this.route.stage ||
      (change.model ?? this.route.model) !== this.route.model;
    const base: Route = leaves ? { ...this.route, tab: '', params: {} } : this.route;
    const next = formatRoute({ ...base, ...change });
    if (next !== location.hash) location.hash = next;
  }

  /** Notes a detail of the same place without a history entry. */
  note(params: Readonly<Record<string, string>>): void {
    const route = { ...this.route, params: { ...this.route.params, ...params } };
    history.replaceState(null, '', formatRoute(route));
    this.route = route;
  }
}
