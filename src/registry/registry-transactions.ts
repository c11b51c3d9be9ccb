import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Transactions } from '../database/transactions.js';

/** Any number will do, as long as all instances use the same. */
export const REGISTRY_LOCK = 0xd1_6a7f;

/** Changes of the registry, one after the other over all instances: what one of them has read is so until it commits. */
@Injectable()
export class RegistryTransactions {
  constructor(private readonly transactions: Transactions) {}

  run<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.transactions.run(async (manager) => {
      if (manager.connection.options.type === 'postgres') {
        await manager.query('select pg_advisory_xact_lock($1)', [REGISTRY_LOCK]);
      } else {
        // Takes SQLite's write lock before anything is read. A transaction that has read first is refused when the intake
        // has written meanwhile.
        await manager.query('update gateway_properties set value = value where name is null');
      }
      return work(manager);
    });
  }
}
