import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { newMerchant } from '../support/schematic-project.js';

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
    const made = await newMerchant(name);
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
