import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { Transactions } from '../../src/database/transactions.js';
import { MerchantGateway } from '../../src/registry/entities/merchant-gateway.entity.js';
import { holdLock } from '../support/held-lock.js';
import { TestGateway } from '../support/test-gateway.js';

let gateway: TestGateway;

beforeEach(async () => {
  gateway = await TestGateway.start();
});
afterEach(() => gateway.close());

it('does not undo one transaction with another that runs at the same time', async () => {
  const transactions = gateway.app.get(Transactions);
  let failed: Promise<unknown> | undefined;

  await transactions.run(async (manager) => {
    await manager.insert(MerchantGateway, { id: 'MGW_KEPT_1', name: 'kept' });
    failed = transactions
      .run(async (other) => {
        await other.insert(MerchantGateway, { id: 'MGW_UNDONE', name: 'undone' });
        throw new Error('undone');
      })
      .catch((error: unknown) => error);
    // Give the other one every chance to come between.
    await manager.findBy(MerchantGateway, { id: 'MGW_KEPT_1' });
    await manager.insert(MerchantGateway, { id: 'MGW_KEPT_2', name: 'kept' });
  });

  expect(await failed).toEqual(new Error('undone'));
  const names = await gateway.query<{ id: string }>(
    "select id from merchant_gateways where name in ('kept', 'undone') order by id",
  );
  expect(names.map(({ id }) => id)).toEqual(['MGW_KEPT_1', 'MGW_KEPT_2']);
});

it('keeps recording notifications while a registry transaction is open', async () => {
  const accessToken = await gateway.accessToken();
  const notify = (): Promise<Response> =>
    fetch(`${gateway.url}/merchant-gateways/MGW_000002/merchants/20610027312/tokens/other-token/notify-update`, {
      method: 'POST',
      headers: { authorization: `Bearer ${accessToken}` },
    });
  let during: Promise<Response[]> | undefined;

  await gateway.app
    .get(Transactions)
    .run(async (manager) => {
      await manager.insert(MerchantGateway, { id: 'MGW_UNDONE', name: 'undone' });
      during = Promise.all([notify(), notify()]);
      throw new Error('undone');
    })
    .catch(() => undefined);

  // Another gateway's client: recorded as unmatched, and not taken back with the transaction.
  expect((await during)?.map(({ status }) => status)).toEqual([404, 404]);
  expect(await gateway.query('select id from unmatched_notifications')).toHaveLength(2);
});

it.runIf(inject('engine') === 'sqlite')(
  'waits for the lock of another process without holding up the event loop',
  async () => {
    const transactions = gateway.app.get(Transactions);
    const lock = await holdLock(gateway);
    let isOver = false;
    const written = transactions
      .run((manager) => manager.insert(MerchantGateway, { id: 'MGW_KEPT_1', name: 'kept' }))
      .finally(() => (isOver = true));
    const before = performance.eventLoopUtilization();
    for (let turn = 0; turn < 10; turn += 1) await wait(10);
    const { active } = performance.eventLoopUtilization(before);

    expect(isOver).toBe(false);
    expect(active).toBeLessThan(1000);
    await lock.release();
    await written;
    expect(await gateway.query("select id from merchant_gateways where name = 'kept'")).toHaveLength(1);
  },
);
