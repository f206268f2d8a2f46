import { libraries, rooms } from './scripts/rooms.mjs';

/** Tests stand outside the import order: they may set up a room with whatever fills its interfaces. */
const TEST = '\\.(test|spec)\\.ts$';
const CODE = '^(src|workers)/';

/** @param {string} name @param {object} from @param {object} to */
const refuse = (name, from, to) => ({ name, severity: 'error', from, to });

const order = rooms.map((room, at) =>
  refuse(
    `${room}-imports-left-only`,
    { path: `^src/${room}/`, pathNot: TEST },
    { path: CODE, pathNot: `^src/(${rooms.slice(0, at + 1).join('|')})/` },
  ),
);

const ownLibraries = libraries.map(({ packages, at }) =>
  refuse(
    `library-${packages.replace(/\W+/g, '-')}-has-one-place`,
    { path: CODE, pathNot: `${at}|${TEST}` },
    { path: `node_modules/(${packages})/` },
  ),
);

export default {
  forbidden: [
    ...order,
    ...ownLibraries,
    refuse(
      'library-without-a-place',
      { path: CODE, pathNot: TEST },
      {
        path: 'node_modules/',
        pathNot: `node_modules/(${libraries.map(({ packages }) => packages).join('|')}|vite.*)/`,
      },
    ),
    refuse(
      'node-modules-in-node-only',
      { path: CODE, pathNot: `^src/(cli/|platform/node/|platform/duckdb/node\\.ts$)|${TEST}` },
      { dependencyTypes: ['core'] },
    ),
    refuse(
      'models-do-not-share',
      { path: '^src/models/([^/]+)/', pathNot: TEST },
      { path: '^src/models/([^/]+)/', pathNot: '^src/models/$1/' },
    ),
    refuse(
      'platform-fills-interfaces-only',
      { path: '^src/platform/', pathNot: TEST },
      {
        path: CODE,
        pathNot:
          '^src/(platform|utils)/|^src/features/types\\.ts$|^src/training/(network/types|growth/device)\\.ts$|^src/kernels/(types\\.ts|.+\\.wgsl)$',
      },
    ),
    refuse(
      // SQL results and Arrow files are read by one decoder; docs/decisions.md says why.
      'platform-knows-no-other-platform',
      { path: '^src/platform/([^/]+)/', pathNot: TEST },
      { path: '^src/platform/([^/]+)/', pathNot: '^src/platform/($1|arrow)/' },
    ),
    refuse(
      'only-composition-roots-import-platform',
      {
        path: CODE,
        pathNot: `^src/platform/|^src/cli/(node-platform|shard)\\.ts$|^workers/(browser-platform|kernels|(training|shard)\\.worker)\\.ts$|${TEST}`,
      },
      { path: '^src/platform/' },
    ),
    refuse(
      'page-imports-types-only',
      { path: '^src/(ui|lessons)/|^src/main\\.ts$', pathNot: TEST },
      { path: '^src/(?!ui/|lessons/)', dependencyTypesNot: ['type-only'] },
    ),
    refuse(
      'page-starts-workers-in-one-place',
      { path: '^src/(ui|lessons)/|^src/main\\.ts$', pathNot: '^src/ui/client\\.ts$' },
      { path: '^workers/' },
    ),
    refuse('workers-know-no-page', { path: '^workers/' }, { path: '^src/(ui|lessons|cli)/|^src/main\\.ts$' }),
    refuse('cli-knows-no-page', { path: '^src/cli/' }, { path: '^src/(ui|lessons)/|^src/main\\.ts$|^workers/' }),
    refuse('no-circular', { path: '.' }, { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } }),
    refuse('no-unresolvable', { path: '.' }, { couldNotResolve: true, pathNot: '^virtual:|\\?(raw|url)$' }),
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
