// Makes a merchant team's library: npm run new-merchant acme
import { NodeWorkflow } from '@angular-devkit/schematics/tools/index.js';
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';

const [name, ...more] = process.argv.slice(2);
if (!name || more.length > 0) {
  console.error('Usage: npm run new-merchant <team>     lower case, digits and -');
  process.exit(2);
}
const root = resolve(import.meta.dirname, '..');
const workflow = new NodeWorkflow(root, { resolvePaths: [root], schemaValidation: true });
const changed = [];
workflow.reporter.subscribe(({ kind, path }) => changed.push({ kind, path: path.replace(/^\//, '') }));
try {
  const collection = join(root, 'schematics/collection.json');
  await new Promise((done, fail) =>
    workflow
      .execute({ collection, schematic: 'new-merchant', options: { name } })
      .subscribe({ complete: done, error: fail }),
  );
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
format(changed.map(({ path }) => path).filter((path) => !path.endsWith('.md')));
for (const { kind, path } of changed) console.log(`${kind.padEnd(6)} ${path}`);
console.log(`\nNext: npx vitest run libs/merchant-${name}, then libs/merchant-${name}/README.md`);

function format(paths) {
  const prettier = join(root, 'node_modules/prettier/bin/prettier.cjs');
  const options = ['--write', '--log-level', 'warn', ...paths];
  const { status } = spawnSync(process.execPath, [prettier, ...options], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
