const KEY = 'glasshouse-sql';
const MOST = 30;

/** Statements that were run, newest first, kept in this browser. */
export class SqlHistory {
  statements = $state.raw<readonly string[]>([]);
  readonly #key: string;

  constructor(model: string) {
    this.#key = `${KEY}-${model}`;
    this.statements = this.#read();
  }

  add(sql: string): void {
    const text = sql.trim();
    this.statements = [text, ...this.statements.filter((one) => one !== text)].slice(0, MOST);
    try {
      localStorage.setItem(this.#key, JSON.stringify(this.statements));
    } catch {
      // A browser that keeps nothing still shows those of this visit.
    }
  }

  clear(): void {
    this.statements = [];
    try {
      localStorage.removeItem(this.#key);
    } catch {
      // As above.
    }
  }

  #read(): readonly string[] {
    try {
      const kept: unknown = JSON.parse(localStorage.getItem(this.#key) ?? '[]');
      return Array.isArray(kept) ? kept.filter((one) => typeof one === 'string').slice(0, MOST) : [];
    } catch {
      return [];
    }
  }
}
