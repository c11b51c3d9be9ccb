// A file system of a few megabytes, to be filled to the last byte.
import { execFileSync } from 'node:child_process';
import { chmodSync, closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { atExit, Skipped } from './system.mjs';

const CHUNKS = [1024 * 1024, 4096].map((size) => Buffer.alloc(size));

export class SmallDisk {
  /** @throws Skipped where mounting is not allowed, which takes root */
  static mount(folder, sizeMb) {
    mkdirSync(folder, { recursive: true });
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMb}m`, 'tmpfs', folder], { stdio: 'pipe' });
    } catch (error) {
      throw new Skipped(`a tmpfs cannot be mounted (${String(error.stderr ?? error.message).trim()})`);
    }
    chmodSync(folder, 0o711);
    const disk = new SmallDisk();
    disk.folder = folder;
    // Lazily: a process that is being killed may still hold a file.
    disk.unmount = atExit(() => void execFileSync('umount', ['-l', folder], { stdio: 'pipe' }));
    return disk;
  }

  fill() {
    const file = openSync(join(this.folder, 'filler'), 'a');
    for (const chunk of CHUNKS) while (wrote(file, chunk));
    closeSync(file);
  }

  free() {
    rmSync(join(this.folder, 'filler'));
  }
}

function wrote(file, chunk) {
  try {
    return writeSync(file, chunk) > 0;
  } catch {
    return false;
  }
}
