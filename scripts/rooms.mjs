/** The stage rooms of src, in import order: a room may import any room to its left, never one to its right. */
export const rooms = [
  'utils',
  'config',
  'kernels',
  'data',
  'features',
  'training',
  'explain',
  'fairness',
  'tuning',
  'tracking',
  'registry',
  'inference',
  'monitoring',
  'interop',
  'models',
  'pipeline',
];

/** Which part of src and workers each library belongs to; regular expressions over package and importer. */
export const libraries = [
  { packages: 'zod|yaml', at: '^src/config/' },
  { packages: '@noble/hashes', at: '^src/(utils|pipeline)/' },
  { packages: 'fflate', at: '^src/utils/(un)?zip\\.ts$' },
  { packages: 'apache-arrow', at: '^src/platform/arrow/' },
  { packages: 'hyparquet.*', at: '^src/platform/parquet/' },
  { packages: '@duckdb/duckdb-wasm', at: '^src/platform/duckdb/|^workers/browser-platform\\.ts$' },
  { packages: '@tensorflow/.*', at: '^src/platform/tfjs/|^workers/training\\.worker\\.ts$' },
  { packages: 'dexie', at: '^src/platform/indexeddb/' },
  { packages: 'comlink', at: '^workers/' },
  { packages: 'svelte|d3', at: '^src/(ui/|main\\.ts$)' },
  { packages: '@fontsource-variable/.*', at: '^src/ui/' },
];
