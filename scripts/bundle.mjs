// After `nest build`: makes dist/src/main.js one file of the gateway, with the packages in a second. Loaded one by one its 1,600
// ES modules are half of the time from start to ready (docs/performance.md, *Start*).
//
// The rest of dist stays as it was compiled, and dist/src/main.js does the same before this has run.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, relative, sep } from 'node:path';
import { rolldown } from 'rolldown';

const { devDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
const MAIN = 'src/main';
/** What every start loads, of plain code: each file by itself costs a look-up, a read and a compilation. */
const PLAIN = new Set([
  '@fastify/error',
  '@fastify/middie',
  '@opentelemetry/api',
  '@sqltools/formatter',
  'abstract-logging',
  'ansis',
  'avvio',
  'bintrees',
  'class-transformer',
  'class-validator',
  'dayjs',
  'debug',
  'dedent',
  'es-toolkit',
  'fast-decode-uri-component',
  'fast-querystring',
  'fastify',
  'fastify-plugin',
  'fastq',
  'fdir',
  'find-my-way',
  'iterare',
  'jose',
  'libphonenumber-js',
  'passport',
  'passport-http',
  'passport-strategy',
  'path-to-regexp',
  'picomatch',
  'process-warning',
  'prom-client',
  'rate-limiter-flexible',
  'ret',
  'reusify',
  'rfdc',
  'rxjs',
  'safe-regex2',
  'secure-json-parse',
  'semver',
  'sql-highlight',
  'tdigest',
  'tinyglobby',
  'toad-cache',
  'tslib',
  'typeorm',
  'uid',
  'validator',
]);
/** What is loaded by it is loaded past the bundle: another Nest. Without it, the bundler sees it. */
const OWN_REQUIRE = 'const require = createRequire(import.meta.url);';
const TEAM = /^dist\/libs\/(merchant-(?!kit\/)[^/]+)\//;
const PACKAGES = /^node_modules\/|^dist\/libs\/(?!merchant-(?!kit\/))/;

const bundle = await rolldown({
  input: { [MAIN]: `dist/${MAIN}.js` },
  platform: 'node',
  external: (id) => !/^[./]/.test(id) && !isBundled(packageOf(id)),
  plugins: [ownPlace()],
  onLog,
});
await bundle.write({
  dir: 'dist',
  format: 'esm',
  // Nest, TypeORM and the log know a class by its name.
  keepNames: true,
  // Whoever takes the place of src/merchants.ts exports what it does (without-teams.mjs).
  minifyInternalExports: false,
  comments: { jsdoc: false },
  chunkFileNames: 'bundle/[name].js',
  codeSplitting: {
    groups: [
      // What a team's code is made of comes first, so that no file needs one that needs it.
      { name: 'packages', test: (id) => PACKAGES.test(inProject(id)), priority: 3 },
      // A team's code keeps a file of its own, so that a stack tells whose it is (src/teams/naming-team.ts).
      { debugName: 'teams', name: teamOf, test: (id) => teamOf(id) !== undefined, priority: 2 },
      { name: 'merchants', test: (id) => inProject(id) === 'dist/src/merchants.js', priority: 1 },
    ],
  },
});
await bundle.close();

/**
 * A package that knows Nest goes where Nest does: it would load another Nest otherwise. All others are loaded from
 * node_modules as ever, native ones and those that look for their own files among them.
 */
function isBundled(name) {
  return !(name in devDependencies) && (name.startsWith('@nestjs/') || PLAIN.has(name) || knowsNest(name));
}

function knowsNest(name) {
  const file = `node_modules/${name}/package.json`;
  if (!existsSync(file)) return false;
  const { dependencies, peerDependencies } = JSON.parse(readFileSync(file, 'utf8'));
  return Object.keys({ ...dependencies, ...peerDependencies }).some((needed) => needed.startsWith('@nestjs/'));
}

function packageOf(id) {
  return /^(@[^/]+\/)?[^/]+/.exec(id)[0];
}

/**
 * A module that asks where it is looks for files beside it, or for packages: they are where they were. All files of the bundle
 * are one folder below dist.
 */
function ownPlace() {
  return {
    name: 'own-place',
    transform(code, id) {
      if (!code.includes('import.meta.')) return null;
      const place = `../../${inProject(id)}`;
      return code
        .replace(OWN_REQUIRE, '')
        .replaceAll('import.meta.url', `new URL(${JSON.stringify(place)}, import.meta.url).href`)
        .replaceAll('import.meta.dirname', `(import.meta.dirname + ${JSON.stringify(`/${dirname(place)}`)})`);
    },
  };
}

function teamOf(id) {
  return TEAM.exec(inProject(id))?.[1];
}

function inProject(id) {
  return relative('.', id).split(sep).join('/');
}

function onLog(level, log, pass) {
  // Nest asks for packages that one may add, and does without.
  if (log.code === 'UNRESOLVED_IMPORT' && /@nestjs\/(microservices|websockets)/.test(log.message)) return;
  pass(level, log);
}
