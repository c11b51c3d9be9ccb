import { D1_CLIENT, MERCHANT, MERCHANT_GATEWAY, notifyPath, TestGateway } from '../support/test-gateway.js';
import { send } from '../support/http.js';
import type { Receiver } from '../support/receiver.js';
import { Dispatcher } from '../../src/delivery/dispatcher/dispatcher.js';
import { vi } from 'vitest';

export const OPERATOR = 'operator';
/** Who may look only. */
export const READER = 'reader';
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const SLOW = '10610027313';
const BROKEN = '10610027314';
const MINUTES = 45;
const MINUTE_MS = 60_000;

/**
 * A gateway after an ordinary hour: one merchant that takes everything, one that is slow, one whose receiver is broken, and calls
 * for a token that is not registered.
 */
export async function busyGateway(receiver: Receiver): Promise<TestGateway> {
  const gateway = await TestGateway.start({
    provision: provision(receiver.url),
    env: { WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8', DELIVERY_RETRY_SCHEDULE_SECONDS: '30,120', LOG_LEVEL: 'error' },
  });
  receiver.respond = (response, { event }) => {
    const { merchantId, sequence } = event.data;
    // The gateway's clock is the test's: so long has the receiver taken.
    gateway.clock.advance(merchantId === SLOW ? 400 + 150 * (sequence % 5) : 12 + 9 * (sequence % 7));
    response.writeHead(merchantId === BROKEN ? 503 : 204).end();
  };
  gateway.clock.advance(-MINUTES * MINUTE_MS);
  const startMs = gateway.clock.nowMs();
  for (let minute = 0; minute < MINUTES; minute += 1) {
    const authorization = `Bearer ${await gateway.accessToken()}`;
    const calls = 5 + Math.round(4 * Math.sin(minute / 5));
    for (let call = 0; call < calls; call += 1) {
      await notify(gateway, authorization, MERCHANT, `t-${call % 4}`);
      if (call % 3 === 0) await notify(gateway, authorization, SLOW, 't-1');
    }
    if (minute === 20 || minute === MINUTES - 1) await notify(gateway, authorization, BROKEN, 't-2');
    if (minute % 15 === 0) await notify(gateway, authorization, MERCHANT, `new-token-${minute}`);
    await settled(gateway, startMs + (minute + 1) * MINUTE_MS);
  }
  return gateway;
}

/** As D1 does it; what is unmatched is answered 404. */
export async function notify(
  { url }: TestGateway,
  authorization: string,
  merchantId: string,
  tokenId: string,
): Promise<void> {
  const headers = { authorization, 'x-correlation-id': `card-renewal-${tokenId}` };
  await send(url, notifyPath(MERCHANT_GATEWAY, merchantId, tokenId), { headers });
}

/** Until nothing is due any more; then it is `atMs`. */
async function settled(gateway: TestGateway, atMs: number): Promise<void> {
  await gateway.app.get(Dispatcher).sweep();
  await vi.waitFor(
    async () => {
      const [row] = await gateway.query<{ due: number }>(
        `select count(*) as due from deliveries
         where state = 'pending' and (lease_owner is not null or due_at_ms <= ${gateway.clock.nowMs()})`,
      );
      if (Number(row?.due) > 0) throw new Error('Deliveries are due');
    },
    { interval: 2, timeout: 10_000 },
  );
  gateway.clock.advance(Math.max(0, atMs - gateway.clock.nowMs()));
}

function provision(url: string): object {
  const tokens = ['t-0', 't-1', 't-2', 't-3'];
  const destinations = [{ name: 'main', kind: 'webhook', url, secret: SECRET }];
  return {
    merchantGateways: [
      {
        id: MERCHANT_GATEWAY,
        name: 'Example PSP',
        merchants: [
          { id: MERCHANT, name: 'Example shop', tokens, destinations },
          { id: SLOW, name: 'Slow & steady', tokens, destinations },
          { id: BROKEN, name: 'Broken <b>receiver</b>', tokens, destinations },
        ],
      },
    ],
    clients: [
      { clientId: D1_CLIENT, scopes: ['d1:notify'], merchantGateways: [MERCHANT_GATEWAY] },
      { clientId: OPERATOR, scopes: ['gateway:operate'], merchantGateways: [MERCHANT_GATEWAY] },
      { clientId: READER, scopes: ['gateway:read'], merchantGateways: [MERCHANT_GATEWAY] },
    ],
  };
}
