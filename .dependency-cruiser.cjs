/** Import directions of docs/decisions.md: a room may import any room to its left, never one to its right. */
const ROOMS = [
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
const TEST = '\\.(test|spec)\\.ts$';

const leftOnly = ROOMS.map((room, at) => ({
  name: `${room}-imports-left-only`,
  severity: 'error',
  from: { path: `^src/${room}/`, pathNot: TEST },
  to: {
    path: '^(src|workers)/',
    pathNot: `^src/(${ROOMS.slice(0, at + 1).join('|')})/`,
  },
}));

module.exports = {
  forbidden: [
    ...leftOnly,
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'stage-rooms-name-no-platform-library',
      severity: 'error',
      from: { path: `^src/(${ROOMS.join('|')})/`, pathNot: TEST },
      to: {
        path: '^(node:|apache-arrow|@duckdb|dexie|comlink|svelte|d3)|node_modules/(apache-arrow|@duckdb|dexie|comlink|svelte|d3)',
      },
    },
    {
      name: 'models-do-not-share',
      severity: 'error',
      from: { path: '^src/models/([^/]+)/', pathNot: TEST },
      to: { path: '^src/models/([^/]+)/', pathNot: '^src/models/$1/' },
    },
    {
      name: 'platform-fills-interfaces-only',
      severity: 'error',
      from: { path: '^src/platform/([^/]+)/', pathNot: TEST },
      to: { path: '^(src|workers)/', pathNot: '^src/(platform/($1|arrow)|utils)/|^src/features/types\\.ts$' },
    },
    {
      name: 'only-composition-roots-import-platform',
      severity: 'error',
      from: { path: '^src/', pathNot: `^src/platform/|^src/cli/node-platform\\.ts$|${TEST}` },
      to: { path: '^src/platform/' },
    },
    {
      name: 'ui-imports-types-only',
      severity: 'error',
      from: { path: '^src/(ui|lessons)/', pathNot: TEST },
      to: { path: '^src/(?!ui/|lessons/)', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'ui-starts-workers-in-one-place',
      severity: 'error',
      from: { path: '^src/(ui|lessons|main)', pathNot: '^src/ui/client\\.ts$' },
      to: { path: '^workers/' },
    },
    {
      name: 'workers-know-no-page',
      severity: 'error',
      from: { path: '^workers/' },
      to: { path: '^src/(ui|cli|lessons|main)|^node:|/svelte/' },
    },
    {
      name: 'cli-knows-no-page',
      severity: 'error',
      from: { path: '^src/cli/' },
      to: { path: '^(src/(ui|lessons)|workers)/' },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^virtual:|\\?(raw|url)$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'browser', 'svelte', 'types', 'default'],
      extensions: ['.ts', '.svelte.ts', '.svelte', '.js', '.mjs', '.json'],
    },
  },
};
