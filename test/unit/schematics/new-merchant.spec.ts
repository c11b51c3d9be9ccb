import { Tree } from '@angular-devkit/schematics';
import { SchematicTestRunner, type UnitTestTree } from '@angular-devkit/schematics/testing/index.js';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';

/** The files that it edits as they are, but that no team is listed yet. */
function project(): Tree {
  const tree = Tree.empty();
  for (const file of ['tsconfig.json', 'nest-cli.json']) tree.create(file, readFileSync(file, 'utf8'));
  const merchants = readFileSync('src/merchants.ts', 'utf8');
  tree.create('src/merchants.ts', merchants.replace(/(Type\[\] = \[)[^\]]*\]/, '$1]'));
  return tree;
}

function newMerchant(name: string, tree: Tree): Promise<UnitTestTree> {
  const runner = new SchematicTestRunner('teams', resolve('schematics/collection.json'));
  return runner.runSchematic('new-merchant', { name }, tree);
}

it('makes a library, its alias and its project, and lists its module', async () => {
  const tree = await newMerchant('acme-eu', project());

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
  const tree = await newMerchant('second', await newMerchant('first', project()));

  expect(tree.readText('/src/merchants.ts')).toContain('Type[] = [FirstModule, SecondModule];');
});

it('leaves a library alone that is there', async () => {
  const tree = await newMerchant('acme', project());
  await expect(newMerchant('acme', tree)).rejects.toThrow('There is libs/merchant-acme already');
});

it.each(['Acme', 'acme_eu', '../acme', 'a'.repeat(33), ''])('refuses the name %j', async (name) => {
  await expect(newMerchant(name, project())).rejects.toThrow();
});
