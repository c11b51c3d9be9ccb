import { DataSource } from 'typeorm';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { FIRST_ID, LAST_ID } from '../../../src/database/partitions/periods.js';
import * as statements from '../../../src/delivery/repository/postgres-statements.js';
import { Receiver } from '../../support/receiver.js';
import { DeliveryGateway, SECRET } from './delivery-gateway.js';

// On SQLite a claim shares the commit of the turn.
describe.runIf(inject('engine') === 'postgres')('a claim', () => {
  let receiver: Receiver;
  let merchant: DeliveryGateway;
  let dataSource: DataSource;

  beforeEach(async () => {
    receiver = await Receiver.start();
    merchant = await DeliveryGateway.start(
      [{ name: 'main', kind: 'webhook', url: receiver.url, secret: SECRET }],
      // What a statement leaves behind on a connection would be there for the next.
      { DATABASE_POOL_SIZE: '2', DELIVERY_SWEEP_SECONDS: '3600' },
    );
    dataSource = merchant.gateway.app.get(DataSource);
  });
  afterEach(async () => {
    await merchant.close();
    await receiver.close();
  });

  const ON = { synchronous_commit: 'on' };
  const durability = async (query: DataSource['query']): Promise<unknown> =>
    (await query<object[]>('show synchronous_commit'))[0];
  const ofBothConnections = (): Promise<unknown[]> => {
    const query = dataSource.query.bind(dataSource);
    return Promise.all([durability(query), durability(query)]);
  };

  it('does not wait for the disk', async () => {
    await merchant.accumulate([{ tokenId: 'second', sequence: 1, dueForMs: 1000 }]);
    const [destination] = await merchant.gateway.query<{ id: string }>('select id from destinations');
    const nowMs = merchant.gateway.clock.nowMs();
    const parameters = [destination?.id, 1, 'owner', 1000, nowMs, FIRST_ID, LAST_ID, 64];
    const claimedWith = await dataSource.transaction(async (manager) => {
      const rows = await manager.query<{ id: string | null }[]>(statements.CLAIM_DUE, parameters);
      expect(rows).toEqual([expect.objectContaining({ id: expect.any(String) as string })]);
      return durability(manager.query.bind(manager));
    });
    expect(claimedWith).toEqual({ synchronous_commit: 'off' });
    expect(await ofBothConnections()).toEqual([ON, ON]);
  });

  it('leaves what the intake commits after it on the same connection durable', async () => {
    await merchant.notify();
    await merchant.settled(1);
    expect(receiver.sequences).toEqual([1]);
    expect(await ofBothConnections()).toEqual([ON, ON]);
  });
});
