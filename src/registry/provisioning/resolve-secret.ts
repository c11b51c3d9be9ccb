import { readFile } from 'node:fs/promises';
import { environmentVariable } from '../../config/environment-variable.js';
import type { SecretSource } from './secret-source.js';

/** The secret itself, wherever it is kept; a file's last line break is not part of it. */
export async function resolveSecret(
  source: SecretSource | undefined,
  fail: (problem: string) => Error,
): Promise<string | undefined> {
  if (source === undefined || typeof source === 'string') return source;
  if ('env' in source) {
    const value = environmentVariable(source.env);
    if (!value) throw fail(`names the environment variable ${source.env}, which is not set`);
    return value;
  }
  const value = await readFile(source.file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw fail(`names the file ${source.file}, which cannot be read: ${cause.code}`);
  });
  const secret = value.replace(/\r?\n$/, '');
  if (secret === '') throw fail(`names the file ${source.file}, which is empty`);
  return secret;
}
