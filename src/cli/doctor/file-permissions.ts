import { stat } from 'node:fs/promises';
import { ok, warning, type Finding } from './finding.js';

const OTHERS = 0o077;
/** Kubernetes mounts secrets so that the container's group may read them. */
const OTHERS_BUT_GROUP_READ = 0o037;

/** Whether a key is its owner's alone. */
export async function keyFilePermissions(check: string, file: string): Promise<Finding[]> {
  const { mode } = await stat(file);
  const bits = (mode & 0o777).toString(8).padStart(3, '0');
  if ((mode & OTHERS) === 0) return [ok(check, `${file} is its owner's alone (${bits})`)];
  if ((mode & OTHERS_BUT_GROUP_READ) === 0) return [ok(check, `${file} is its owner's and its group's (${bits})`)];
  return [warning(check, `${file} can be read or written by others (${bits})`, `chmod 600 ${file}`)];
}
