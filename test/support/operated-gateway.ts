import { expect, vi } from 'vitest';
import { Dispatcher } from '../../src/delivery/dispatcher/dispatcher.js';
import { send, type Answer } from './http.js';
import type { Receiver } from './receiver.js';
import {
  D1_CLIENT,
  MERCHANT,
  MERCHANT_GATEWAY,
  notifyPath,
  TestGateway,
  type TestGatewayOptions,
} from './test-gateway.js';

export const OPERATOR = 'operator';
/** Of another merchant gateway. */
export const STRANGER = 'stranger';
export const OTHER_GATEWAY = 'MGW_000002';
export const SECOND_MERCHANT = '10610027313';
export const STRANGERS_MERCHANT = '20610027312';
export const UUID: unknown = expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

/** A gateway with two merchants and one of another merchant gateway, an operator for each, and a call for every need. */
export class OperatedGateway {
  private readonly accessTokens = new Map<string, Promise<string>>();

  private constructor(readonly gateway: TestGateway) {}

  static async start(
    receiver: Receiver,
    options: Omit<TestGatewayOptions, 'provision'> = {},
  ): Promise<OperatedGateway> {
    const gateway = await TestGateway.start({
      ...options,
      provision: provision(receiver.url),
      env: { WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8', DELIVERY_RETRY_SCHEDULE_SECONDS: '5', ...options.env },
    });
    return new OperatedGateway(gateway);
  }

  async get(path: string, clientId = OPERATOR): Promise<Answer> {
    return send(this.gateway.url, `/operations/${path}`, {
      method: 'GET',
      headers: await this.authorization(clientId),
    });
  }

  async post(path: string, body?: object, clientId = OPERATOR): Promise<Answer> {
    const headers = { ...(await this.authorization(clientId)), 'content-type': 'application/json' };
    return send(this.gateway.url, `/operations/${path}`, {
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  }

  async notify(
    tokenId: string,
    { merchantGatewayId = MERCHANT_GATEWAY, merchantId = MERCHANT, correlationId = 'c-1' } = {},
  ): Promise<void> {
    const client = merchantGatewayId === MERCHANT_GATEWAY ? D1_CLIENT : 'other_bank';
    const headers = { ...(await this.authorization(client)), 'x-correlation-id': correlationId };
    const path = notifyPath(merchantGatewayId, merchantId, tokenId);
    expect((await send(this.gateway.url, path, { headers })).status).toBe(204);
  }

  /** Until so many deliveries are no longer pending. */
  settled(count: number): Promise<void> {
    return this.untilFound(count, `select id from deliveries where state <> 'pending'`);
  }

  attempted(count: number): Promise<void> {
    return this.untilFound(count, 'select id from delivery_attempts');
  }

  /** Time passes and the dispatcher looks again. */
  async later(ms: number): Promise<void> {
    this.gateway.clock.advance(ms);
    await this.gateway.app.get(Dispatcher).sweep();
  }

  iso(): string {
    return this.gateway.clock.now().toISOString();
  }

  close(): Promise<void> {
    return this.gateway.close();
  }

  private untilFound(count: number, sql: string): Promise<void> {
    return vi.waitFor(async () => expect(await this.gateway.query(sql)).toHaveLength(count), {
      interval: 5,
      timeout: 10_000,
    });
  }

  private async authorization(clientId: string): Promise<{ authorization: string }> {
    const accessToken = this.accessTokens.get(clientId) ?? this.gateway.accessToken(clientId);
    this.accessTokens.set(clientId, accessToken);
    return { authorization: `Bearer ${await accessToken}` };
  }
}

function provision(url: string): object {
  const main = { name: 'main', kind: 'webhook', url, secret: SECRET };
  const tokens = ['t-1', 't-2', 't-3'];
  return {
    merchantGateways: [
      {
        id: MERCHANT_GATEWAY,
        name: 'Example PSP',
        merchants: [
          { id: MERCHANT, name: 'Example shop', tokens, destinations: [main] },
          { id: SECOND_MERCHANT, name: 'Second shop', tokens, destinations: [{ ...main, name: 'second' }] },
        ],
      },
      {
        id: OTHER_GATEWAY,
        name: 'Other PSP',
        merchants: [{ id: STRANGERS_MERCHANT, name: 'Other shop', tokens, destinations: [main] }],
      },
    ],
    clients: [
      { clientId: D1_CLIENT, scopes: ['d1:notify'], merchantGateways: [MERCHANT_GATEWAY] },
      { clientId: 'other_bank', scopes: ['d1:notify'], merchantGateways: [OTHER_GATEWAY] },
      { clientId: OPERATOR, scopes: ['gateway:operate'], merchantGateways: [MERCHANT_GATEWAY] },
      { clientId: STRANGER, scopes: ['gateway:operate'], merchantGateways: [OTHER_GATEWAY] },
    ],
  };
}
