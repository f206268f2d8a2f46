export interface Tab {
  readonly id: string;
  readonly title: string;
  /** A small figure beside the title. */
  readonly note?: string;
}

export interface Segment {
  readonly id: string;
  readonly title: string;
  readonly note?: string;
}

/** How something stands; each has an icon and a word of its own. */
export type Status = 'empty' | 'good' | 'attention' | 'alert' | 'running';
