import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MASTER_KEY_PATTERN } from '../config/environment.js';
import type { GatewayConfig } from '../config/gateway-config.js';
import { ConfigurationError } from '../config/load-config.js';
import { MasterKey } from './master-key.js';

/** Where the key is kept when none is given: beside the embedded database, readable by its owner alone. */
const DEFAULT_FILE = 'master.key';

/** The key from the setting, the file, or the one made on first start. */
export async function loadMasterKey({ keys, dataDir }: GatewayConfig): Promise<MasterKey> {
  if (keys.masterKey) return decode(keys.masterKey, 'MASTER_KEY');
  if (keys.masterKeyFile) return decode(await readKeyFile(keys.masterKeyFile), 'MASTER_KEY_FILE');
  return decode(await readOrMakeKeyFile(dataDir), join(dataDir, DEFAULT_FILE));
}

function decode(text: string, source: string): MasterKey {
  const trimmed = text.trim();
  if (!MASTER_KEY_PATTERN.test(trimmed)) throw new ConfigurationError(`${source} does not hold 32 bytes in base64`);
  return new MasterKey(Buffer.from(trimmed, 'base64'));
}

async function readKeyFile(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new ConfigurationError(`MASTER_KEY_FILE cannot be read: ${cause.code}`);
  });
}

async function readOrMakeKeyFile(dataDir: string): Promise<string> {
  const file = join(dataDir, DEFAULT_FILE);
  await mkdir(dataDir, { recursive: true });
  try {
    // wx: of two that start at once, one makes the key and the other reads it.
    await writeFile(file, randomBytes(32).toString('base64') + '\n', { flag: 'wx', mode: 0o600, flush: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFile(file, 'utf8');
}
