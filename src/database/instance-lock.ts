import { Module, type OnApplicationShutdown } from '@nestjs/common';
import type { Database } from 'better-sqlite3';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { GatewayConfig } from '../config/gateway-config.js';
import { loadSqliteDriver } from './drivers.js';
import { isConflict } from './failure-class.js';
import { UnfitDatabase } from './unfit-database.js';

/** What this process holds, by file: a second gateway in it, as tests start one, shares the lock. */
const held = new Map<string, { readonly connection: Database; holders: number }>();

/**
 * Keeps a second process off an SQLite database: it would take this one's leases for those of a dead one, and hear of
 * nothing that this one does. The lock is on a file beside the database and the operating system's: it ends with the process,
 * however that ends. Copying the database and tools do not ask for it: they claim
 * nothing, and a gateway finds what they have changed by itself.
 */
export class InstanceLock implements OnApplicationShutdown {
  private constructor(private readonly file: string | null) {}

  /** @throws UnfitDatabase where another process has it */
  static take({ database, roles }: Pick<GatewayConfig, 'database' | 'roles'>): InstanceLock {
    if (database.engine !== 'sqlite' || roles.size === 0) return new InstanceLock(null);
    const { file } = database;
    const lock = held.get(file) ?? { connection: lockFile(file), holders: 0 };
    lock.holders += 1;
    held.set(file, lock);
    return new InstanceLock(file);
  }

  onApplicationShutdown(): void {
    const lock = held.get(this.file ?? '');
    if (!lock) return;
    lock.holders -= 1;
    if (lock.holders > 0) return;
    held.delete(this.file ?? '');
    lock.connection.close();
  }
}

function lockFile(file: string): Database {
  mkdirSync(dirname(file), { recursive: true });
  const Connection = loadSqliteDriver();
  const connection = new Connection(`${file}.lock`, { timeout: 0 });
  try {
    return connection.exec('begin exclusive');
  } catch (error) {
    connection.close();
    if (!isConflict(error)) throw error;
    throw new UnfitDatabase(
      `Another gateway is running on ${file}. SQLite is for one instance; several share a PostgreSQL (DATABASE_URL).`,
    );
  }
}

/** A module of its own, since it comes before the data source. */
@Module({
  providers: [
    {
      provide: InstanceLock,
      inject: [GatewayConfig],
      useFactory: (config: GatewayConfig) => InstanceLock.take(config),
    },
  ],
  exports: [InstanceLock],
})
export class InstanceLockModule {}
