/** The architecture as rules: arrows point down only. See CONTRIBUTING.md. */

// From the top; each layer may import those below it.
const layers = [
  'operations',
  'delivery',
  'tokens',
  'registry',
  'auth',
  'secrets',
  'database',
  'http',
  'errors',
  'clock',
  'config',
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
      name: 'libs-only-through-their-index',
      severity: 'error',
      from: { path: '^(src|test|bench)/', pathNot: '^test/(simulator|sample-merchant)/' },
      to: { path: '^libs/[^/]+/src/', pathNot: '^libs/[^/]+/src/index\\.ts$' },
    },
    { name: 'src-imports-no-test', severity: 'error', from: { path: '^(src|libs)/' }, to: { path: '^test/' } },
    { name: 'not-resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-dev-dependency-in-production',
      severity: 'error',
      from: { path: '^(src|libs)/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js'],
    },
  },
};
