export type ThemeChoice = 'system' | 'light' | 'dark';

const KEY = 'glasshouse.theme';
const ORDER: readonly ThemeChoice[] = ['system', 'light', 'dark'];

function stored(): ThemeChoice {
  try {
    const found = localStorage.getItem(KEY);
    return ORDER.find((choice) => choice === found) ?? 'system';
  } catch {
    return 'system';
  }
}

/** Light, dark, or what the system says; remembered where the browser allows it. */
export class Theme {
  choice = $state<ThemeChoice>(stored());

  next(): void {
    this.choice = ORDER[(ORDER.indexOf(this.choice) + 1) % ORDER.length] ?? 'system';
    this.apply();
    try {
      localStorage.setItem(KEY, this.choice);
    } catch {
      // A browser that refuses storage keeps the choice for this visit.
    }
  }

  apply(): void {
    if (this.choice === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = this.choice;
  }
}
