import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Receiver } from '../support/receiver.js';
import { TOKEN } from '../support/test-gateway.js';
import { DeliveryGateway, SECRET } from '../e2e/delivery/delivery-gateway.js';

const PAN = '4111111111111111';
const JSON_BODY = { 'content-type': 'application/json' };

let receiver: Receiver;
let merchant: DeliveryGateway;

const start = async (env: Readonly<Record<string, string>> = {}): Promise<void> => {
  merchant = await DeliveryGateway.start([{ name: 'main', kind: 'webhook', url: receiver.url, secret: SECRET }], {
    LOG_LEVEL: 'trace',
    ...env,
  });
};
beforeEach(async () => {
  receiver = await Receiver.start();
});
afterEach(async () => {
  await merchant.close();
  await receiver.close();
});

const payloads = async (table: string): Promise<(string | null)[]> =>
  (await merchant.gateway.query<{ payload: string | null }>(`select payload from ${table}`)).map(
    ({ payload }) => payload,
  );

describe('a card number', () => {
  it('is not kept in a notification, nor sent on, nor logged', async () => {
    await start();
    const body = `{"pan":${PAN},"text":"card 4111 1111 1111 1111","id":1795400000004}`;

    expect(await merchant.notify(TOKEN, { body, headers: JSON_BODY })).toBe(204);
    expect(await merchant.notify('unknown', { body, headers: { ...JSON_BODY, 'x-correlation-id': PAN } })).toBe(404);
    await merchant.settled(1);

    const masked = '{"pan":"************1111","text":"card **** **** **** 1111","id":1795400000004}';
    expect(await payloads('notifications')).toEqual([masked]);
    expect(await payloads('unmatched_notifications')).toEqual([masked]);
    expect(receiver.received[0]?.body).toContain(`"payload":${masked}`);
    expect(merchant.gateway.logLines.join('')).not.toContain(PAN);
    expect(merchant.gateway.logLines.join('')).toContain('"correlationId":"************1111"');
  });

  it('is not kept of what a receiver says', async () => {
    await start({ DELIVERY_RETRY_SCHEDULE_SECONDS: '1' });
    receiver.respond = (response) => void response.writeHead(422, `no ${PAN}`).end(`${PAN} is unknown`);

    await merchant.notify();
    await merchant.attempted(1);

    const [attempt] = await merchant.gateway.query<object>('select * from delivery_attempts');
    expect(JSON.stringify([attempt, await merchant.deliveries()])).not.toContain(PAN);
  });
});

describe('with PAYLOAD_ENCRYPTION=on', () => {
  const BODY = '{"reason":"a secret of D1"}';

  it('bodies are sealed at rest, each for its own notification, and merchants get them as they came', async () => {
    await start({ PAYLOAD_ENCRYPTION: 'on' });

    for (let call = 0; call < 2; call += 1) {
      expect(await merchant.notify(TOKEN, { body: BODY, headers: JSON_BODY })).toBe(204);
      await merchant.settled(call + 1);
    }
    expect(await merchant.notify('unknown', { body: BODY, headers: JSON_BODY })).toBe(404);

    const stored = [...(await payloads('notifications')), ...(await payloads('unmatched_notifications'))];
    expect(stored).toHaveLength(3);
    for (const payload of stored) expect(payload).toMatch(/^sealed:1:[\w-]{60,}$/);
    expect(new Set(stored).size).toBe(3);
    expect(receiver.received.map(({ body }) => body.includes(`"payload":${BODY}`))).toEqual([true, true]);
  });

  it('one that is changed, or put in the place of another, is left out; the update goes out all the same', async () => {
    await start({ PAYLOAD_ENCRYPTION: 'on' });
    receiver.respond = (response) => void response.writeHead(503).end();
    await merchant.notify(TOKEN, { body: BODY, headers: JSON_BODY });
    await merchant.attempted(1);
    await merchant.gateway.query(`update notifications set payload = 'sealed:1:${'A'.repeat(80)}'`);
    await merchant.idle();
    receiver.respond = (response) => void response.writeHead(204).end();

    await merchant.later(60_000);
    await merchant.settled(1);

    expect(await merchant.states()).toEqual(['delivered']);
    expect(receiver.received.at(-1)?.event.data).not.toHaveProperty('payload');
    expect(merchant.gateway.logLines.join('')).toContain('A payload cannot be opened');
  });

  it('what was written in clear before is read, too', async () => {
    await start({ PAYLOAD_ENCRYPTION: 'on' });

    await merchant.accumulate([{ tokenId: TOKEN, sequence: 1, dueForMs: 1000, payload: BODY }]);
    await merchant.later(2000);
    await merchant.settled(1);

    expect(receiver.received[0]?.body).toContain(`"payload":${BODY}`);
  });
});
