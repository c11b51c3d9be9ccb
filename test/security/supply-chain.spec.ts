import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly allowScripts: Readonly<Record<string, boolean>>;
}
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
const names = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });

/** `@nestjs/common, core` names both of a scope. */
function reasoned(): string[] {
  const rows = readFileSync('docs/dependencies.md', 'utf8').matchAll(/^\| ([@a-z].*?) \| (.+) \|$/gm);
  return [...rows].flatMap(([, cell = '']) => {
    let scope = '';
    return cell.split(', ').flatMap((name) => {
      if (name.includes('/')) scope = name.slice(0, name.indexOf('/') + 1);
      return [name, scope + name];
    });
  });
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

it('every dependency has its line of reason in docs/dependencies.md', () => {
  const known = new Set(reasoned());
  const missing = names.filter((name) => !known.has(name) && !(name.startsWith('@types/') && known.has('@types/*')));

  expect(missing).toEqual([]);
});

it('the lockfile names no registry, and install scripts run for what is named only', () => {
  const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
    packages: Record<string, { resolved?: string; integrity?: string; link?: boolean; hasInstallScript?: boolean }>;
  };
  const packages = Object.entries(lock.packages).filter(([path]) => path !== '');

  expect(packages.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
  expect(packages.filter(([, { integrity, link }]) => !integrity && !link)).toEqual([]);
  expect(Object.entries(manifest.allowScripts).filter(([, isAllowed]) => isAllowed)).toEqual([
    ['better-sqlite3', true],
  ]);
  const scripted = packages.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => nameOf(path));
  expect(scripted.filter((name) => !(name in manifest.allowScripts))).toEqual([]);
  expect(scripted).toContain('better-sqlite3');
});

it('every licence is on the list (npm run licences)', () => {
  expect(execFileSync(process.execPath, ['scripts/check-licences.mjs'], { encoding: 'utf8' })).toContain('MIT');
});

it('npm run sbom writes a CycloneDX document of every dependency', () => {
  const text = execFileSync('npm', ['run', '--silent', 'sbom'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const sbom = JSON.parse(text) as { bomFormat: string; components: { name: string; group?: string }[] };
  const components = new Set(sbom.components.map(({ name, group }) => (group ? `${group}/${name}` : name)));

  expect(sbom.bomFormat).toBe('CycloneDX');
  expect(names.filter((name) => !components.has(name))).toEqual([]);
});

/** What stands first in a call: titles of tests and of what is around them. */
function titlesOf(file: string): string[] {
  const titles = readFileSync(file, 'utf8').matchAll(/\(\s*(['"`])(.+?)\1,/g);
  return [...titles].map(([, , title = '']) => title);
}

describe('docs/security.md', () => {
  const page = readFileSync('docs/security.md', 'utf8');
  const files = [...page.matchAll(/`((?:test|fuzz)\/[\w./-]+\.(?:ts|mjs))`/g)].map(([, file = '']) => file);

  it('points to tests that are there', () => {
    expect(files.length).toBeGreaterThan(40);
    expect(files.filter((file) => !existsSync(file))).toEqual([]);
  });

  it('names tests that are in those files, by the beginning of their titles', () => {
    const named = [...page.matchAll(/`(test\/[\w./-]+\.ts)` \(\*([^*]+)\*\)/g)];
    expect(named.length).toBeGreaterThan(60);
    const missing = named.filter(([, file = '', title = '']) => !titlesOf(file).some((one) => one.startsWith(title)));
    expect(missing.map(([whole]) => whole)).toEqual([]);
  });

  it('has a test in each row of a table that promises one', () => {
    const tables = page.split('\n\n').filter((block) => /^\|.*\| Test \|/.test(block));
    const rows = tables.flatMap((table) => table.trim().split('\n').slice(2));

    expect(tables.length).toBe(4);
    expect(rows.filter((row) => !/(`test\/[^`]+` \(\*[^*]+\*\)|`fuzz\/[^`]+`) +\|$/.test(row))).toEqual([]);
    expect(rows.filter((row) => /`test\/[^`]+`(?! \(\*)/.test(row))).toEqual([]);
  });
});
