import type { Type } from '@nestjs/common';
import { expect } from 'vitest';
import { timeOrderedId } from '../../../src/clock/time-ordered-id.js';
import { Dispatcher } from '../../../src/delivery/dispatcher/dispatcher.js';
import { send } from '../../support/http.js';
import {
  D1_CLIENT,
  MERCHANT,
  MERCHANT_GATEWAY,
  notifyPath,
  PROVISION,
  TestGateway,
  TOKEN,
} from '../../support/test-gateway.js';

export const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

export interface DeliveryRow {
  readonly id: string;
  readonly state: string;
  readonly attempts: number | string;
  readonly last_reason: string | null;
}

/** A delivery that is pending without having come in by HTTP: its token, its sequence, for how long it has been due, how often it was tried. */
export interface PendingUpdate {
  readonly tokenId: string;
  readonly sequence: number;
  readonly dueForMs: number;
  readonly payload?: string;
  readonly attempts?: number;
}

/** A gateway with one merchant and the destinations a test gives it; time stands still until the test moves it. */
export class DeliveryGateway {
  private constructor(readonly gateway: TestGateway) {}

  static async start(
    destinations: object[],
    env: Readonly<Record<string, string>> = {},
    modules: readonly Type[] = [],
    teams: readonly Type[] = [],
  ): Promise<DeliveryGateway> {
    const merchant = { id: MERCHANT, name: 'Example shop', tokens: [TOKEN, 'second'], destinations };
    const gateway = await TestGateway.start({
      provision: {
        merchantGateways: [{ id: MERCHANT_GATEWAY, name: 'PSP', merchants: [merchant] }],
        clients: PROVISION.clients.slice(0, 1),
      },
      env: { WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8', DELIVERY_RETRY_SCHEDULE_SECONDS: '5,30', ...env },
      modules,
      teams,
    });
    return new DeliveryGateway(gateway);
  }

  async notify(tokenId = TOKEN, call: { body?: string; headers?: Record<string, string> } = {}): Promise<number> {
    const headers = { authorization: `Bearer ${await this.gateway.accessToken(D1_CLIENT)}`, ...call.headers };
    return (await send(this.gateway.url, notifyPath(undefined, undefined, tokenId), { ...call, headers })).status;
  }

  /** Puts updates for the (only) destination straight into the database; nobody is woken. */
  async accumulate(updates: readonly PendingUpdate[]): Promise<void> {
    const nowMs = this.gateway.clock.nowMs();
    const [destination] = await this.gateway.query<{ id: string }>('select id from destinations');
    const rows = updates.map((update) => ({
      ...update,
      id: timeOrderedId(nowMs),
      notificationId: timeOrderedId(nowMs),
    }));
    for (let from = 0; from < rows.length; from += 500) {
      const some = rows.slice(from, from + 500);
      const notifications = some.map(({ notificationId, tokenId, sequence, payload }) => {
        const text = payload === undefined ? 'null' : `'${payload}'`;
        return `('${notificationId}', '${MERCHANT_GATEWAY}', '${MERCHANT}', '${tokenId}', ${sequence}, 'c-1', ${text}, ${nowMs})`;
      });
      const deliveries = some.map(
        ({ id, notificationId, tokenId, sequence, dueForMs, attempts = 0 }) =>
          `('${id}', '${notificationId}', '${destination?.id}', '${tokenId}', ${sequence}, 'pending', ${attempts}, ${nowMs - dueForMs}, ${nowMs})`,
      );
      await this.gateway.query(
        `insert into notifications (id, merchant_gateway_id, merchant_id, token_id, sequence, correlation_id, payload, received_at_ms)
         values ${notifications.join()}`,
      );
      await this.gateway.query(
        `insert into deliveries (id, notification_id, destination_id, token_id, sequence, state, attempts, due_at_ms, created_at_ms)
         values ${deliveries.join()}`,
      );
    }
  }

  deliveries(): Promise<DeliveryRow[]> {
    return this.gateway.query('select * from deliveries order by sequence, id');
  }

  async states(): Promise<string[]> {
    return (await this.deliveries()).map(({ state }) => state);
  }

  /** Waits until so many deliveries are no longer pending. */
  async settled(count: number): Promise<void> {
    const ended = async (): Promise<number> => (await this.states()).filter((state) => state !== 'pending').length;
    await expect.poll(ended, { interval: 5, timeout: 20_000 }).toBe(count);
  }

  /** Waits until so many tries are on record. */
  async attempted(count: number): Promise<void> {
    const tries = (): Promise<object[]> => this.gateway.query('select id from delivery_attempts');
    await expect.poll(tries, { interval: 5, timeout: 10_000 }).toHaveLength(count);
  }

  /** Waits until nothing is being tried. */
  async idle(): Promise<void> {
    const leased = (): Promise<object[]> =>
      this.gateway.query('select id from deliveries where lease_owner is not null');
    await expect.poll(leased, { interval: 2, timeout: 10_000 }).toEqual([]);
  }

  /** The leases of all that is being tried have run out: on PostgreSQL they go by the server's clock, which no test moves. */
  async leasesRunOut(): Promise<void> {
    const { engine } = this.gateway.config.database;
    const tables = engine === 'sqlite' ? ['deliveries'] : ['deliveries', 'delivery_leases'];
    for (const table of tables)
      await this.gateway.query(`update ${table} set lease_until_ms = 0 where lease_owner is not null`);
  }

  /** Time passes, and the dispatcher looks again. */
  async later(ms: number): Promise<void> {
    this.gateway.clock.advance(ms);
    await this.gateway.app.get(Dispatcher).sweep();
  }

  close(): Promise<void> {
    return this.gateway.close();
  }
}
