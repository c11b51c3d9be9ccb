import { Tree } from '@angular-devkit/schematics';
import { SchematicTestRunner, type UnitTestTree } from '@angular-devkit/schematics/testing/index.js';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** The files that `npm run new-merchant` edits, as they are, but that no team is listed yet. */
export function schematicProject(): Tree {
  const tree = Tree.empty();
  for (const file of ['tsconfig.json', 'nest-cli.json']) tree.create(file, readFileSync(file, 'utf8'));
  const merchants = readFileSync('src/merchants.ts', 'utf8')
    .replaceAll(/^import .* from '@gateway\/merchant-.*\n/gm, '')
    .replace(/(Type\[\] = \[)[^\]]*\]/, '$1]');
  tree.create('src/merchants.ts', merchants);
  return tree;
}

/** What `npm run new-merchant` makes of it. */
export function newMerchant(name: string, tree = schematicProject()): Promise<UnitTestTree> {
  const runner = new SchematicTestRunner('teams', resolve('schematics/collection.json'));
  return runner.runSchematic('new-merchant', { name }, tree);
}
