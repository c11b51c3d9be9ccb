import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeBlocks } from './code-blocks.js';

/** A piece of code that a library's page or its TSDoc shows. */
export interface LibraryExample {
  /** Where it stands. */
  readonly file: string;
  readonly text: string;
}

/** The blocks of TypeScript in libraries' READMEs. */
export function readmeExamples(): readonly LibraryExample[] {
  return filesLike(/^libs\/[\w-]+\/README\.md$/).flatMap((file) =>
    codeBlocks(file)
      .filter(({ language }) => language === 'ts')
      .map(({ text }) => ({ file, text })),
  );
}

/** The blocks of TypeScript behind `@example`, in what teams import. */
export function tsdocExamples(): readonly LibraryExample[] {
  return filesLike(/^libs\/(merchant-kit|d1-client)\/(src|testing)\/.*\.ts$/).flatMap((file) => {
    const comments = readFileSync(file, 'utf8').matchAll(/^ *\* ```ts\n([\s\S]*?)^ *\* ```$/gm);
    // TSDoc has an @ of the code's own escaped.
    const unwrap = (comment: string): string => comment.replaceAll(/^ *\* ?/gm, '').replaceAll('\\@', '@');
    return [...comments].map(([, comment = '']) => ({ file, text: unwrap(comment) }));
  });
}

function filesLike(pattern: RegExp): readonly string[] {
  return readdirSync('libs', { recursive: true, encoding: 'utf8' })
    .map((file) => join('libs', file))
    .filter((file) => pattern.test(file))
    .sort();
}

/** A module that the compiler takes: the example, in what it is a part of, with what it leaves to its reader. */
export function asModule({ text }: LibraryExample): string {
  const missing = Object.entries(NAMES).filter(([name]) => isUsed(name, text) && !isDeclared(name, text));
  const imports = missing.map(([name, from]) => `import { ${name} } from '${from}';\n`);
  return `${imports.join('')}${within(text)}\nexport {};\n`;
}

/** An example may be a module, members of a class, or what stands in a function. */
function within(text: string): string {
  const [members, body] = text.split('// …\n', 2);
  if (/^(constructor\(|@\w+\(\)\n(?!class))/.test(text))
    return `class Example {\n${members}${body ? method(body, '') : ''}}`;
  if (/^(return|try|await|.*\bthis\.)/.test(text))
    return `export const example = {\n${method(text, 'this: InMethod')} };`;
  return text;
}

function method(body: string, parameters: string): string {
  return `async example(${parameters}): Promise<Outcome | void> {\n${body}\n}`;
}

function isUsed(name: string, text: string): boolean {
  return new RegExp(`\\b${name}\\b`).test(within(text));
}

function isDeclared(name: string, text: string): boolean {
  const imported = text.match(/^import [\s\S]*?from/gm)?.join() ?? '';
  return new RegExp(`\\b${name}\\b`).test(imported) || new RegExp(`(const|class) ${name}\\b`).test(text);
}

/** What the examples use and do not make: it is not what they are about. */
export const STAND_INS = `
import type { D1Client, D1ClientOptions } from '@gateway/d1-client';
import type { HandlerContext, MerchantHandler, MerchantTransactions, TokenUpdatedEvent } from '@gateway/merchant-kit';

export declare const client: D1Client;
export declare const clientSecret: string;
export declare const context: HandlerContext;
export declare const event: TokenUpdatedEvent;
export declare const handler: MerchantHandler;
export declare const path: string;
export declare const row: AcmeUpdate;
export declare const signal: AbortSignal;
export declare class AcmeHandler implements MerchantHandler { handle: MerchantHandler['handle'] }
export declare class AcmeModule {}
export declare class AcmeUpdate { tokenId: string; sequence: number }
export declare class Bus { publish(topic: string, text: string, options: { key: string; signal: AbortSignal }): Promise<void> }
export declare class CardOrder { tokenId: string }
export interface CardState { state: string }
export declare class Vault {
  contains(tokenId: string, options: { signal: AbortSignal }): Promise<boolean>;
  markStale(tokenId: string, sequence: number, options: { signal: AbortSignal }): Promise<boolean>;
}
export declare class VaultConfig { d1: D1ClientOptions }
export declare class VaultHandler implements MerchantHandler { handle: MerchantHandler['handle'] }
export interface InMethod { transactions: MerchantTransactions }
`;

/** Where a name comes from that an example uses without saying so. */
const NAMES: Readonly<Record<string, string>> = Object.fromEntries([
  ...exportsOf('libs/d1-client/src/index.ts', '@gateway/d1-client'),
  ...exportsOf('libs/merchant-kit/src/index.ts', '@gateway/merchant-kit'),
  ...exportsOf('libs/merchant-kit/testing/index.ts', '@gateway/merchant-kit/testing'),
  ...['Injectable', 'Module', 'Post'].map((name) => [name, '@nestjs/common']),
  ['expect', 'vitest'],
  ...[...STAND_INS.matchAll(/^export (?:declare )?(?:const|class|interface|type) (\w+)/gm)].map(([, name]) => [
    name,
    './stand-ins.js',
  ]),
]);

function exportsOf(index: string, from: string): [name: string, from: string][] {
  const lists = readFileSync(index, 'utf8').matchAll(/^export (?:type )?\{([^}]*)\}/gm);
  const names = [...lists].flatMap(([, list = '']) => list.split(',').map((one) => one.trim().replace(/^type /, '')));
  return names.filter(Boolean).map((name) => [name, from]);
}
