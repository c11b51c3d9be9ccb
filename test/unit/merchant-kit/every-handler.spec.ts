import { merchantModuleOptions } from '@gateway/merchant-kit';
import type { Type } from '@nestjs/common';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { GeneratedProject } from '../../docs/generated-project.js';

/** The handlers that a team's library registers and that no test of it holds against the contract. */
async function handlersNotHeld(library: string): Promise<string[]> {
  const exported = (await import(resolve(library, 'src/index.ts'))) as Record<string, Type>;
  const handlers = Object.values(exported).flatMap((one) =>
    Object.values((typeof one === 'function' && merchantModuleOptions(one)?.handlers) || {}),
  );
  const held = readdirSync(library, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.spec.ts'))
    .map((file) => readFileSync(join(library, file), 'utf8'))
    .filter((text) => text.includes('describeMerchantHandler('))
    .join('\n');
  return handlers.map(({ name }) => name).filter((name) => !new RegExp(`\\b${name}\\b`).test(held));
}

const teams = readdirSync('libs').filter((folder) => /^merchant-(?!kit$)/.test(folder));

it.each(teams)('every handler of %s is held against the contract', async (team) => {
  expect(existsSync(`libs/${team}/src/index.ts`)).toBe(true);

  expect(await handlersNotHeld(`libs/${team}`)).toEqual([]);
});

it('a handler that is not is found', async () => {
  const project = new GeneratedProject();
  await project.newMerchant('acme');
  const library = join(project.folder, 'libs/merchant-acme');
  expect(await handlersNotHeld(library)).toEqual([]);

  project.write('libs/merchant-acme/test/acme.spec.ts', 'it.todo("holds AcmeHandler");');

  expect(await handlersNotHeld(library)).toEqual(['AcmeHandler']);
  project.remove();
});
