import { Tree } from '@angular-devkit/schematics';
import { SchematicTestRunner } from '@angular-devkit/schematics/testing/index.js';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** A folder of code that the project compiles and runs like its own, for as long as a test takes. */
export class GeneratedProject {
  readonly folder = mkdtempSync(join(import.meta.dirname, 'generated-'));

  write(file: string, text: string): void {
    const path = join(this.folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  /** What `npm run new-merchant` makes. */
  async newMerchant(name: string): Promise<void> {
    const tree = Tree.empty();
    for (const file of ['tsconfig.json', 'nest-cli.json', 'src/merchants.ts']) tree.create(file, readFileSync(file));
    const runner = new SchematicTestRunner('teams', resolve('schematics/collection.json'));
    const made = await runner.runSchematic('new-merchant', { name }, tree);
    for (const file of made.files) if (file.startsWith('/libs/')) this.write(file.slice(1), made.readText(file));
  }

  /** @returns the compiler's complaints; nothing where there are none */
  compile(): string {
    const config = { extends: '../../../tsconfig.json', include: ['.', '../../support/vitest.d.ts'] };
    this.write('tsconfig.json', JSON.stringify(config));
    const args = ['node_modules/typescript/bin/tsc', '--noEmit', '-p', join(this.folder, 'tsconfig.json')];
    return spawnSync(process.execPath, args, { encoding: 'utf8' }).stdout;
  }

  import(file: string): Promise<Record<string, unknown>> {
    return import(join(this.folder, file)) as Promise<Record<string, unknown>>;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
