import type { EntityManager } from 'typeorm';

/**
 * Runs a team's writes in one transaction. All of them go this way: the embedded database has one connection, on which
 * transactions must take turns, and a write between the steps of somebody else's would be undone with it.
 *
 * @example
 * ```ts
 * constructor(private readonly transactions: MerchantTransactions) {}
 * // …
 * await this.transactions.run((manager) => manager.insert(AcmeUpdate, row));
 * ```
 */
export abstract class MerchantTransactions {
  /**
   * Runs `work`, and keeps what it wrote when it has succeeded. It should be short: others wait for their turn.
   *
   * @returns what `work` returns
   * @throws what `work` throws; nothing it wrote is then kept
   */
  abstract run<T>(work: (manager: EntityManager) => Promise<T>): Promise<T>;
}
