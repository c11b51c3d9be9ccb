/** The architecture as rules: arrows point down only. See CONTRIBUTING.md. */

// From the top; each layer may import those below it.
const layers = [
  'observability',
  'teams',
  'operations',
  'delivery',
  'tokens',
  'registry',
  'auth',
  'audit',
  'secrets',
  'database',
  'http',
  'errors',
  'clock',
  'config',
  'privacy',
  'memory',
];

const downOnly = layers.map((layer, index) => ({
  name: `${layer}-imports-down-only`,
  severity: 'error',
  from: { path: `^src/${layer}/` },
  to: { path: '^src/', pathNot: `^src/(${layers.slice(index).join('|')})/` },
}));

module.exports = {
  forbidden: [
    ...downOnly,
    {
      name: 'no-circular',
      comment: 'Entities that refer to each other are one thing in two files.',
      severity: 'error',
      from: { pathNot: '\\.entity\\.ts$' },
      to: { circular: true },
    },
    { name: 'libs-import-nothing-of-src', severity: 'error', from: { path: '^libs/' }, to: { path: '^src/' } },
    {
      name: 'd1-contract-stands-alone',
      severity: 'error',
      from: { path: '^libs/d1-contract/' },
      to: { path: '^(src|libs)/', pathNot: '^libs/d1-contract/' },
    },
    {
      name: 'd1-client-imports-the-contract-only',
      severity: 'error',
      from: { path: '^libs/d1-client/' },
      to: { path: '^(src|libs)/', pathNot: '^libs/(d1-client/|d1-contract/src/index\\.ts$)' },
    },
    {
      name: 'libs-only-through-their-index',
      severity: 'error',
      from: { path: '^(src|test|bench)/', pathNot: '^test/(simulator|sample-merchant)/' },
      to: { path: '^libs/[^/]+/src/', pathNot: '^libs/[^/]+/src/index\\.ts$' },
    },
    {
      name: 'teams-import-the-kit-and-nothing-else-of-ours',
      comment: 'What a team may build on is what the kit promises. Their tests have the testing entry besides.',
      severity: 'error',
      from: { path: '^libs/(merchant-(?!kit/)[^/]+)/' },
      to: {
        path: '^(src|libs|test)/',
        pathNot: '^libs/((merchant-kit|d1-contract|d1-client)/src/index\\.ts$|merchant-kit/testing/index\\.ts$|$1/)',
      },
    },
    {
      name: 'testing-entry-in-tests-only',
      severity: 'error',
      from: { path: '^(src|libs/[^/]+/src)/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^libs/[^/]+/testing/' },
    },
    { name: 'nobody-imports-the-cli', severity: 'error', from: { path: '^src/(?!cli/)' }, to: { path: '^src/cli/' } },
    { name: 'src-imports-no-test', severity: 'error', from: { path: '^(src|libs)/' }, to: { path: '^test/' } },
    {
      name: 'not-resolvable',
      comment: 'The console finds uPlot under that name when it is served; dist/ may not have been built yet.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^\\./uplot\\.js$|^(\\.\\./)+dist/' },
    },
    {
      name: 'no-dev-dependency-in-production',
      severity: 'error',
      from: { path: '^(src|libs)/', pathNot: '^libs/[^/]+/(test|testing)/|\\.spec\\.ts$' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '^dist/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js'],
    },
  },
};
