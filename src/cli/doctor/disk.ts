import { existsSync } from 'node:fs';
import { access, constants, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { GatewayConfig } from '../../config/gateway-config.js';
import { failure, ok, warning, type Finding } from './finding.js';

const GIB = 1024 ** 3;
const LOW_BYTES = GIB;
const FULL_BYTES = GIB / 10;

export async function examineDisk({ dataDir, database }: GatewayConfig): Promise<readonly Finding[]> {
  const check = 'disk';
  const folder = nearest(dataDir);
  const { bavail, bsize } = await statfs(folder);
  const freeBytes = bavail * bsize;
  const free = `${(freeBytes / GIB).toFixed(1)} GiB free in DATA_DIR`;
  const isWritable = await access(folder, constants.W_OK).then(
    () => true,
    () => false,
  );
  if (!isWritable)
    return [failure(check, 'DATA_DIR cannot be written to', 'Give it to the user that the gateway runs as.')];
  // With PostgreSQL only a key lives there.
  if (database.engine === 'postgres') return [ok(check, `${free}; the database is elsewhere, watch its disk there`)];
  const advice = 'Make room, or lower RETENTION_DAYS; docs/scaling.md has the bytes a notification takes.';
  if (freeBytes < FULL_BYTES) return [failure(check, free, advice)];
  return [freeBytes < LOW_BYTES ? warning(check, free, advice) : ok(check, free)];
}

function nearest(folder: string): string {
  return existsSync(folder) || folder === dirname(folder) ? folder : nearest(dirname(folder));
}
