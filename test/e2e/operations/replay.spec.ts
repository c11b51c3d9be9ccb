import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  OperatedGateway,
  OTHER_GATEWAY,
  SECOND_MERCHANT,
  STRANGER,
  STRANGERS_MERCHANT,
} from '../../support/operated-gateway.js';
import { answers, Receiver } from '../../support/receiver.js';
import { MERCHANT, MERCHANT_GATEWAY } from '../../support/test-gateway.js';

interface Item {
  readonly id: string;
  readonly state: string;
  readonly attempts: number;
  readonly dueAt: string;
  readonly attemptHistory: readonly { outcome: string; statusCode: number | null }[];
}

let receiver: Receiver;
let operated: OperatedGateway;
beforeEach(async () => {
  receiver = await Receiver.start();
  operated = await OperatedGateway.start(receiver);
});
afterEach(async () => {
  await operated.close();
  await receiver.close();
});

const deliveries = async (filter = '', clientId?: string): Promise<readonly Item[]> =>
  (await operated.get(`deliveries${filter}`, clientId)).json<{ items: Item[] }>().items;
const only = async (): Promise<Item> => (await deliveries())[0] ?? expect.unreachable();
const detail = async (id: string): Promise<Item> => (await operated.get(`deliveries/${id}`)).json<Item>();

/** A delivery whose schedule is used up. */
async function dead(): Promise<Item> {
  receiver.respond = answers(500);
  await operated.notify('t-1');
  await operated.attempted(1);
  await operated.later(10_000);
  await operated.settled(1);
  return only();
}

describe('replaying a delivery', () => {
  it('sends a dead one again, under the same webhook-id', async () => {
    const { id, ...before } = await dead();
    expect(before).toMatchObject({ state: 'dead', attempts: 2 });
    receiver.respond = answers(204);
    operated.gateway.clock.advance(60_000);

    const answer = await operated.post(`deliveries/${id}/replay`);

    expect(answer.status).toBe(202);
    expect(answer.json()).toEqual({
      ...before,
      id,
      state: 'pending',
      attempts: 0,
      dueAt: operated.iso(),
      settledAt: null,
    });
    await operated.settled(1);
    expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual([id, id, id]);
    expect(await detail(id)).toMatchObject({
      state: 'delivered',
      attempts: 1,
      attemptHistory: [{ statusCode: 500 }, { statusCode: 500 }, { outcome: 'delivered', statusCode: 204 }],
    });
  });

  it('begins its retry schedule anew', async () => {
    const { id } = await dead();

    await operated.post(`deliveries/${id}/replay`);
    await operated.attempted(3);
    expect(await detail(id)).toMatchObject({ state: 'pending', attempts: 1 });
    await operated.later(10_000);
    await operated.settled(1);

    expect(await detail(id)).toMatchObject({ state: 'dead', attempts: 2, attemptHistory: { length: 4 } });
  });

  it('sends a delivered one again', async () => {
    await operated.notify('t-1');
    await operated.settled(1);
    const { id } = await only();

    expect((await operated.post(`deliveries/${id}/replay`)).status).toBe(202);
    await operated.attempted(2);
    await operated.settled(1);

    expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual([id, id]);
  });

  it('makes a pending one due now, and leaves its schedule as it is', async () => {
    receiver.respond = answers(500, 204);
    await operated.notify('t-1');
    await operated.attempted(1);
    const { id } = await only();

    const answer = await operated.post(`deliveries/${id}/replay`);

    expect(answer.status).toBe(202);
    expect(answer.json()).toMatchObject({ state: 'pending', attempts: 1, dueAt: operated.iso() });
    await operated.settled(1);
    expect(await detail(id)).toMatchObject({ state: 'delivered', attempts: 2 });
  });

  it('leaves one that is being tried', async () => {
    let answerNow = (): void => {};
    receiver.respond = (response) => (answerNow = () => void response.writeHead(204).end());
    await operated.notify('t-1');
    await expect.poll(() => receiver.received).toHaveLength(1);
    const before = await only();
    operated.gateway.clock.advance(1000);

    const answer = await operated.post(`deliveries/${before.id}/replay`);

    expect(answer.status).toBe(202);
    expect(answer.json()).toEqual(before);
    answerNow();
    await operated.settled(1);
    expect(receiver.received).toHaveLength(1);
  });

  it('is refused where the destination is disabled', async () => {
    receiver.respond = answers(410);
    await operated.notify('t-1');
    await expect
      .poll(() => operated.gateway.query('select id from destinations where disabled_at_ms is not null'))
      .toHaveLength(1);
    const before = await only();

    const answer = await operated.post(`deliveries/${before.id}/replay`);

    expect(answer.status).toBe(409);
    expect(answer.json()).toEqual({
      type: 'about:blank',
      title: 'Conflict',
      status: 409,
      detail: 'The destination is disabled',
    });
    expect(await only()).toEqual(before);
  });

  it('is refused where the notification is missing: it could not be sent, and would hold up its token', async () => {
    const { id } = await dead();
    await operated.gateway.query('delete from notifications');

    const answer = await operated.post(`deliveries/${id}/replay`);

    expect(answer.json()).toMatchObject({ status: 409, detail: 'The notification is missing' });
    expect(await only()).toMatchObject({ state: 'dead', correlationId: null });
  });

  it('is not for another merchant gateway’s operator', async () => {
    const before = await dead();

    const answer = await operated.post(`deliveries/${before.id}/replay`, undefined, STRANGER);

    expect(answer.status).toBe(404);
    expect(await only()).toEqual(before);
  });
});

describe('replaying many', () => {
  const replay = async (filter: object, clientId?: string): Promise<unknown> => {
    const answer = await operated.post(
      'deliveries/replay',
      { merchantGatewayId: MERCHANT_GATEWAY, ...filter },
      clientId,
    );
    expect(answer.status).toBe(200);
    return answer.json();
  };

  /** Three of the first merchant, one of the second, one of a stranger. */
  async function deliver(): Promise<void> {
    for (const tokenId of ['t-1', 't-2', 't-3']) await operated.notify(tokenId);
    await operated.notify('t-1', { merchantId: SECOND_MERCHANT });
    await operated.notify('t-1', { merchantGatewayId: OTHER_GATEWAY, merchantId: STRANGERS_MERCHANT });
    await operated.settled(5);
  }

  it('sends all dead ones again, and no others', async () => {
    await deliver();
    await operated.gateway.query(`update deliveries set state = 'dead' where token_id <> 't-3'`);
    await operated.gateway.query(`update deliveries set state = 'cancelled' where token_id = 't-2'`);

    expect(await replay({ state: 'dead' })).toEqual({ replayed: 2 });
    await operated.attempted(7);
    await operated.settled(5);

    expect(await deliveries('?state=cancelled')).toHaveLength(1);
    expect(await deliveries('?state=delivered')).toHaveLength(3);
    expect(await deliveries('?state=dead', STRANGER)).toHaveLength(1);
    expect(await replay({ state: 'cancelled' })).toEqual({ replayed: 1 });
    expect(await replay({ state: 'dead' })).toEqual({ replayed: 0 });
  });

  it('by merchant, destination and time', async () => {
    await deliver();
    const [from, to] = [operated.iso(), new Date(operated.gateway.clock.nowMs() + 1).toISOString()];

    expect(await replay({ state: 'delivered', createdTo: from })).toEqual({ replayed: 0 });
    expect(await replay({ state: 'delivered', createdFrom: to })).toEqual({ replayed: 0 });
    expect(await replay({ state: 'delivered', merchantId: MERCHANT, destination: 'second' })).toEqual({ replayed: 0 });
    expect(await replay({ state: 'delivered', merchantId: SECOND_MERCHANT })).toEqual({ replayed: 1 });
    await operated.attempted(6);
    await operated.settled(5);
    expect(await replay({ state: 'delivered', destination: 'main', createdFrom: from, createdTo: to })).toEqual({
      replayed: 3,
    });
    await operated.attempted(9);
  });

  it('takes more than fit one batch', async () => {
    await deliver();
    const [template] = await operated.gateway.query<{ id: string }>(`select id from deliveries where token_id = 't-2'`);
    await operated.gateway.query(copies(template?.id ?? '', 2500));

    expect(await replay({ state: 'cancelled' })).toEqual({ replayed: 2500 });
  });

  it('passes over destinations that are disabled', async () => {
    await deliver();
    await operated.gateway.query(`update destinations set disabled_at_ms = 1 where name = 'main'`);

    expect(await replay({ state: 'delivered' })).toEqual({ replayed: 1 });
  });

  it('is not for another merchant gateway’s operator', async () => {
    await deliver();

    const request = { merchantGatewayId: MERCHANT_GATEWAY, state: 'delivered' };
    const answer = await operated.post('deliveries/replay', request, STRANGER);

    expect(answer.status).toBe(404);
    expect(answer.json()).toMatchObject({ detail: 'There is no such merchant gateway' });
    expect(await deliveries('?state=delivered')).toHaveLength(4);
  });
});

/** So many cancelled copies of a delivery, each of a token of its own. */
function copies(id: string, count: number): string {
  return `
    insert into deliveries (id, notification_id, destination_id, token_id, sequence, state, attempts, due_at_ms, created_at_ms)
    with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < ${count})
    select ${uuidOf('n')}, d.notification_id, d.destination_id, 'copy-' || n, 1, 'cancelled', 1, d.due_at_ms, d.created_at_ms
    from deliveries d cross join numbers where d.id = '${id}'`;
}

/** A UUID that ends in a number. */
function uuidOf(number: string): string {
  const text = `'01936a3e-0000-7000-8000-' || substr('00000000000' || ${number}, length('' || ${number}), 12)`;
  return operated.gateway.config.database.engine === 'sqlite' ? text : `(${text})::uuid`;
}
