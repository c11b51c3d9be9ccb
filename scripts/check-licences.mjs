// npm run licences: every package that is installed has a licence that we may ship, or it is named here with why it may stay.
import { readdirSync, readFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';

const ALLOWED = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'Python-2.0',
  'Unlicense',
  'WTFPL',
  'Zlib',
]);

/** Licences of other kinds, package by package; of build tools and tests, unless it says otherwise. */
const EXCEPTIONS = {
  'caniuse-lite': ['CC-BY-4.0', 'data of build tools'],
  pause: ['none', 'MIT by its Readme; comes with passport, and is shipped'],
  lightningcss: ['MPL-2.0', 'vite, for tests'],
};

function* packagesIn(folder) {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isDirectory() || entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    if (entry.name.startsWith('@')) yield* packagesIn(path);
    else {
      if (existsSync(join(path, 'package.json'))) yield path;
      yield* packagesIn(join(path, 'node_modules'));
    }
  }
}

function licenceOf({ license, licenses }) {
  if (typeof license === 'string') return license;
  if (license?.type) return license.type;
  return licenses?.map(({ type }) => type).join(' OR ');
}

/** Of alternatives one must be allowed, of what holds together all (SPDX expressions, as far as packages use them). */
function isAllowed(expression) {
  const bare = expression.replaceAll(/[()]/g, '');
  return bare.split(' OR ').some((choice) => choice.split(' AND ').every((licence) => ALLOWED.has(licence.trim())));
}

const counts = {};
const refused = [];
for (const path of packagesIn('node_modules')) {
  const manifest = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
  if (!manifest.name || !manifest.version) continue;
  const licence = licenceOf(manifest) ?? 'none';
  counts[licence] = (counts[licence] ?? 0) + 1;
  const [exception] =
    Object.entries(EXCEPTIONS).find(([name]) => manifest.name === name || manifest.name.startsWith(`${name}-`))?.[1] ??
    [];
  if (!isAllowed(licence) && licence !== exception) refused.push(`${manifest.name}@${manifest.version}: ${licence}`);
}
for (const [licence, count] of Object.entries(counts).sort((a, b) => b[1] - a[1]))
  console.log(`${String(count).padStart(5)}  ${licence}`);
if (refused.length > 0) {
  console.error(`Not on the list of allowed licences:\n  ${refused.join('\n  ')}`);
  process.exitCode = 1;
}
