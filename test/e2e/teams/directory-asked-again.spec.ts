import { MerchantModule, type MerchantRef, type TokenDirectory } from '@gateway/merchant-kit';
import { startTestGateway, type TestGateway } from '@gateway/merchant-kit/testing';
import { Module } from '@nestjs/common';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Clock } from '../../../src/clock/clock.js';
import { timeOrderedId } from '../../../src/clock/time-ordered-id.js';
import { DirectorySweep } from '../../../src/tokens/directory/directory-sweep.js';
import { Receiver } from '../../support/receiver.js';
import { SECRET } from '../delivery/delivery-gateway.js';

const MERCHANT = { merchantGatewayId: 'MGW_000001', merchantId: '10610027312' };
const NOT_YET_REGISTERED = { merchantGatewayId: 'MGW_000001', merchantId: '30610027312' };

/** What the vault has by now, and what it was asked for. */
const known = new Set<string>();
let asked: string[];
let sealed: boolean;

class Vault implements TokenDirectory {
  readonly merchants = [MERCHANT, NOT_YET_REGISTERED];
  has(_merchant: MerchantRef, tokenId: string): boolean {
    asked.push(tokenId);
    if (sealed) throw new Error('the vault is sealed');
    return known.has(tokenId);
  }
}
@Module({
  imports: [MerchantModule.register({ team: 'vault', kit: '^1.0', tokenDirectories: [Vault] })],
  providers: [Vault],
})
class VaultModule {}

let gateway: TestGateway;
let receiver: Receiver;

beforeEach(async () => {
  known.clear();
  asked = [];
  sealed = false;
  receiver = await Receiver.start();
  gateway = await startTestGateway({
    merchants: [VaultModule],
    destinations: [{ name: 'main', kind: 'webhook', url: receiver.url, secret: SECRET }],
    // No sweep but those of the tests.
    env: { UNMATCHED_SWEEP_SECONDS: '3600', DELIVERY_SWEEP_SECONDS: '3600' },
  });
  // That of the start has ended then.
  await sweep();
});
afterEach(async () => {
  await gateway.close();
  await receiver.close();
});

const sweep = (): Promise<void> => gateway.get(DirectorySweep).sweep();

/** D1 calls for these, and they are unknown; put straight into the database. */
async function missed(merchantId: string, tokenIds: readonly string[]): Promise<void> {
  const nowMs = gateway.get(Clock).nowMs();
  const rows = tokenIds.map(
    (tokenId) =>
      `('${timeOrderedId(nowMs)}', 'MGW_000001', '${merchantId}', '${tokenId}', 'c-1', 'UNKNOWN_TOKEN', ${nowMs})`,
  );
  await gateway.query(
    `insert into unmatched_notifications
       (id, merchant_gateway_id, merchant_id, token_id, correlation_id, reason, received_at_ms) values ${rows.join()}`,
  );
}

it('an update that came before the vault knew the token goes out when it does, without another call', async () => {
  expect(await gateway.notify('early', { reason: 'RENEWED' })).toBe(404);
  await gateway.later(1);
  // This one is answered from memory: the vault is not asked.
  expect(await gateway.notify('early')).toBe(404);
  expect(asked).toEqual(['early']);

  known.add('early');
  await sweep();
  await gateway.settled(2);

  expect(receiver.received.map(({ event: { data } }) => [data.tokenId, data.sequence, data.payload])).toEqual([
    ['early', 1, { reason: 'RENEWED' }],
    ['early', 2, undefined],
  ]);
  expect(asked).toEqual(['early', 'early']);
  expect(await gateway.notify('early')).toBe(204);
});

it('a token that stays unknown is asked for less and less often', async () => {
  expect(await gateway.notify('nowhere')).toBe(404);
  asked = [];
  const askedAtMinute: number[] = [];
  for (let minute = 0; minute < 60 * 8; minute += 10) {
    await sweep();
    if (asked.length > 0) askedAtMinute.push(minute);
    asked = [];
    await gateway.later(600);
  }

  expect(askedAtMinute).toEqual([0, 60, 120, 180, 240, 300, 360, 420]);
});

it('a vault that does not say is left alone for the round, and asked in the next', async () => {
  await missed(
    MERCHANT.merchantId,
    Array.from({ length: 50 }, (_, index) => `token-${index + 100}`),
  );
  sealed = true;

  await sweep();
  expect(asked.length).toBeLessThanOrEqual(8);
  sealed = false;
  known.add('token-149');
  await sweep();

  expect(await gateway.settled(1)).toMatchObject([{ tokenId: 'token-149', state: 'delivered' }]);
});

it('of many that are unknown each gets its turn, so many in a round', async () => {
  const tokens = Array.from({ length: 130 }, (_, index) => `token-${index + 100}`);
  await missed(MERCHANT.merchantId, tokens);

  await sweep();
  expect(asked).toHaveLength(100);
  await sweep();

  expect(asked.toSorted()).toEqual(tokens);
});

it('a merchant that is registered after the call has its update, too; one that is not is not asked for', async () => {
  await missed(NOT_YET_REGISTERED.merchantId, ['early']);
  known.add('early');
  await sweep();
  expect(asked).toEqual([]);

  await gateway.query(
    `insert into merchants (merchant_gateway_id, id, name, delivery_mode)
     values ('MGW_000001', '30610027312', 'New shop', 'deferred')`,
  );
  await sweep();

  expect(asked).toEqual(['early']);
  expect(await gateway.query(`select token_id, sequence from notifications`)).toMatchObject([{ token_id: 'early' }]);
});
