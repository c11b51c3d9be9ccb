import { afterEach, beforeEach, expect, it } from 'vitest';
import { OperatedGateway, OPERATOR, STRANGER } from '../../support/operated-gateway.js';
import { answers, Receiver } from '../../support/receiver.js';
import { MERCHANT, MERCHANT_GATEWAY } from '../../support/test-gateway.js';

const MAIN = `/registry/merchant-gateways/${MERCHANT_GATEWAY}/merchants/${MERCHANT}/destinations/main`;

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

const audit = async (as = OPERATOR): Promise<object[]> =>
  (await operated.get('audit', as)).json<{ items: object[] }>().items;

async function idOf(kind: 'deliveries' | 'destinations'): Promise<string> {
  const { items } = (await operated.get(kind)).json<{ items: { id: string }[] }>();
  return items[0]?.id ?? '';
}

const destinationId = async (): Promise<string> => {
  const path = `where merchant_id = '${MERCHANT}' and name = 'main'`;
  const [row] = await operated.gateway.query<{ id: string }>(`select id from destinations ${path}`);
  return row?.id ?? '';
};

it('pause and resume are audited, and what changes nothing is not', async () => {
  const id = await destinationId();
  const pausedAt = operated.iso();
  for (const verb of ['pause', 'pause', 'resume', 'resume']) {
    expect((await operated.post(`destinations/${id}/${verb}`)).status).toBe(200);
  }

  const by = { clientId: OPERATOR, remoteAddress: '127.0.0.1', merchantGatewayId: MERCHANT_GATEWAY, target: MAIN };
  expect(await audit()).toMatchObject([
    { ...by, action: 'destination.resume', before: { pausedAt }, after: { pausedAt: null } },
    { ...by, action: 'destination.pause', before: { pausedAt: null }, after: { pausedAt } },
  ]);
});

it('the replay of a delivery is audited, and one that was refused is not', async () => {
  receiver.respond = answers(204);
  await operated.notify('t-1');
  await operated.settled(1);
  const id = await idOf('deliveries');

  expect((await operated.post(`deliveries/${id}/replay`, undefined, STRANGER)).status).toBe(404);
  expect(await audit()).toEqual([]);
  expect((await operated.post(`deliveries/${id}/replay`)).status).toBe(202);

  expect(await audit()).toMatchObject([
    {
      clientId: OPERATOR,
      remoteAddress: '127.0.0.1',
      action: 'delivery.replay',
      merchantGatewayId: MERCHANT_GATEWAY,
      target: `/operations/deliveries/${id}`,
    },
  ]);
  expect(await audit(STRANGER)).toEqual([]);
});

it('the replay of many is audited with what was asked for', async () => {
  const request = { merchantGatewayId: MERCHANT_GATEWAY, state: 'dead', merchantId: MERCHANT };
  expect((await operated.post('deliveries/replay', request, STRANGER)).status).toBe(404);
  expect(await audit(STRANGER)).toEqual([]);
  expect((await operated.post('deliveries/replay', request)).status).toBe(200);

  expect(await audit()).toMatchObject([
    { clientId: OPERATOR, action: 'delivery.replay-many', merchantGatewayId: MERCHANT_GATEWAY, after: request },
  ]);
});
