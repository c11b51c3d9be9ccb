import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { newMerchant } from '../../support/schematic-project.js';

it('makes a library, its alias and its project, and lists its module', async () => {
  const tree = await newMerchant('acme-eu');

  const made = tree.files.filter((file) => file.startsWith('/libs/'));
  expect(made.map((file) => file.replaceAll(/\d{13}/g, '<time>'))).toEqual([
    '/libs/merchant-acme-eu/README.md',
    '/libs/merchant-acme-eu/src/acme-eu-update.entity.ts',
    '/libs/merchant-acme-eu/src/acme-eu-update.mapper.ts',
    '/libs/merchant-acme-eu/src/acme-eu.handler.ts',
    '/libs/merchant-acme-eu/src/acme-eu.module.ts',
    '/libs/merchant-acme-eu/src/index.ts',
    '/libs/merchant-acme-eu/src/migrations/postgres/<time>-updates.ts',
    '/libs/merchant-acme-eu/src/migrations/sqlite/<time>-updates.ts',
    '/libs/merchant-acme-eu/test/acme-eu.spec.ts',
  ]);
  expect(made.filter((file) => tree.readText(file).includes('<%'))).toEqual([]);
  const { compilerOptions } = tree.readJson('/tsconfig.json') as { compilerOptions: { paths: object } };
  expect(compilerOptions.paths).toMatchObject({
    '@gateway/merchant-acme-eu': ['./libs/merchant-acme-eu/src/index.ts'],
  });
  expect(tree.readJson('/nest-cli.json')).toMatchObject({
    projects: { 'merchant-acme-eu': { root: 'libs/merchant-acme-eu' } },
  });
  expect(tree.readText('/src/merchants.ts')).toContain("import { AcmeEuModule } from '@gateway/merchant-acme-eu';\n");
  expect(tree.readText('/src/merchants.ts')).toContain('Type[] = [AcmeEuModule];');
});

it('adds a second team to the first', async () => {
  const tree = await newMerchant('second', await newMerchant('first'));

  expect(tree.readText('/src/merchants.ts')).toContain('Type[] = [FirstModule, SecondModule];');
});

it('leaves a library alone that is there', async () => {
  const tree = await newMerchant('acme');
  await expect(newMerchant('acme', tree)).rejects.toThrow('There is libs/merchant-acme already');
});

it.each(['Acme', 'acme_eu', '../acme', 'a'.repeat(33), ''])('refuses the name %j', async (name) => {
  await expect(newMerchant(name)).rejects.toThrow();
});

it.each([
  ['acme', 'acme-eu'],
  ['acme-eu', 'acme'],
])('refuses a second team with which no gateway would start: %s, %s', async (first, second) => {
  const tree = await newMerchant(first);
  await expect(newMerchant(second, tree)).rejects.toThrow(`The team ${first} is listed`);
  await expect(newMerchant('acmeeu', tree)).resolves.toBeDefined();
});

it('refuses by the command what it refuses by itself, and makes nothing', () => {
  const folder = mkdtempSync(join(tmpdir(), 'new-merchant-'));
  for (const part of ['scripts', 'schematics', 'package.json', 'tsconfig.json', 'nest-cli.json', 'src/merchants.ts']) {
    cpSync(part, join(folder, part), { recursive: true });
  }
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));

  const command = (name: string): ReturnType<typeof spawnSync> =>
    spawnSync(process.execPath, [join(folder, 'scripts/new-merchant.mjs'), name], { encoding: 'utf8' });
  const refused = ['Acme', '../acme'].map((name) => command(name).status);
  const hasMade = existsSync(join(folder, 'libs')) || existsSync(join(folder, '../acme'));
  const made = command('shop').status;

  expect([refused, hasMade, made, existsSync(join(folder, 'libs/merchant-shop'))]).toEqual([[1, 1], false, 0, true]);
  rmSync(folder, { recursive: true });
});
