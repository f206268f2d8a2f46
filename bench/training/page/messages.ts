export type Request =
  | { readonly kind: 'load'; readonly rows: number; readonly columns: number }
  | { readonly kind: 'train'; readonly threads: number; readonly depth: number; readonly trees: number }
  | { readonly kind: 'predict'; readonly rows: number };

export type Answer =
  | { readonly kind: 'done' }
  | { readonly kind: 'trained'; readonly seconds: number; readonly trees: number; readonly threads: number }
  | { readonly kind: 'failed'; readonly reason: string };
