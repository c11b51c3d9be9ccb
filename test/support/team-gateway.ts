import { runNotifications } from '@gateway/d1-simulator';
import { merchantModuleOptions } from '@gateway/merchant-kit';
import type { TestDelivery, TestGateway as Kit, TestGatewayOptions } from '@gateway/merchant-kit/testing';
import type { Type } from '@nestjs/common';
import { setTimeout as wait } from 'node:timers/promises';
import { Dispatcher } from '../../src/delivery/dispatcher/dispatcher.js';
import { D1_CLIENT, MERCHANT, MERCHANT_GATEWAY, PROVISION, TestGateway } from './test-gateway.js';

const POLL_MS = 2;
const PATIENCE_MS = 10_000;

/** The gateway that `startTestGateway` of the kit starts. */
export async function startTeamGateway(options: TestGatewayOptions): Promise<Kit> {
  const { merchants, env = {}, overrides = [], tokens = ['token-1', 'token-2', 'token-3'] } = options;
  const { destinations = defaultDestinations(merchants) } = options;
  const gateway = await TestGateway.start({
    teams: merchants,
    env: { WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8', ...env },
    provision: {
      merchantGateways: [
        {
          id: MERCHANT_GATEWAY,
          name: 'Example PSP',
          merchants: [{ id: MERCHANT, name: 'Example shop', tokens, destinations }],
        },
      ],
      clients: PROVISION.clients.slice(0, 1),
    },
    customise: (builder) =>
      overrides.reduce((built, one) => built.overrideProvider(one.provide).useValue(one.useValue), builder),
  });
  return new TeamGateway(gateway);
}

class TeamGateway implements Kit {
  constructor(private readonly gateway: TestGateway) {}

  get url(): string {
    return this.gateway.url;
  }

  get<T>(provider: Type<T> | string | symbol): T {
    return this.gateway.app.get<T>(provider, { strict: false });
  }

  async notify(tokenId = 'token-1', payload?: unknown): Promise<number> {
    const { answersByStatus } = await runNotifications({
      baseUrl: this.url,
      credentials: { clientId: D1_CLIENT, clientSecret: this.gateway.secretOf(D1_CLIENT) },
      targets: [{ merchantGatewayId: MERCHANT_GATEWAY, merchantId: MERCHANT, tokenId }],
      count: 1,
      // A test waits for the answer, not for D1's next try.
      retry: { maxAttempts: 1 },
      ...(payload !== undefined && { payload: JSON.stringify(payload) }),
    });
    return Number(Object.keys(answersByStatus)[0]);
  }

  async deliveries(): Promise<readonly TestDelivery[]> {
    const rows = await this.query<
      Omit<TestDelivery, 'sequence' | 'attempts'> & Record<'sequence' | 'attempts', number | string>
    >(
      `select token_id as "tokenId", sequence, state, attempts, last_reason as reason
       from deliveries order by token_id, sequence, id`,
    );
    return rows.map((row) => ({ ...row, sequence: Number(row.sequence), attempts: Number(row.attempts) }));
  }

  async settled(count: number): Promise<readonly TestDelivery[]> {
    const ended = (all: readonly TestDelivery[]): number => all.filter(({ state }) => state !== 'pending').length;
    return this.until((all) => ended(all) === count, `${count} deliveries to settle`);
  }

  async tried(count: number): Promise<void> {
    const tries = (all: readonly TestDelivery[]): number => all.reduce((sum, { attempts }) => sum + attempts, 0);
    await this.until((all) => tries(all) === count, `${count} tries`);
  }

  async later(seconds: number): Promise<void> {
    this.gateway.clock.advance(seconds * 1000);
    await this.gateway.app.get(Dispatcher).sweep();
  }

  query<Row>(sql: string): Promise<Row[]> {
    return this.gateway.query(sql);
  }

  close(): Promise<void> {
    return this.gateway.close();
  }

  private async until(
    reached: (all: readonly TestDelivery[]) => boolean,
    what: string,
  ): Promise<readonly TestDelivery[]> {
    const deadlineMs = performance.now() + PATIENCE_MS;
    for (;;) {
      const all = await this.deliveries();
      if (reached(all)) return all;
      if (performance.now() > deadlineMs) throw new Error(`Waited for ${what}; there are ${JSON.stringify(all)}`);
      await wait(POLL_MS);
    }
  }
}

function defaultDestinations(merchants: readonly Type[]): object[] {
  const handlers = merchants.flatMap((module) => Object.keys(merchantModuleOptions(module)?.handlers ?? {}));
  return handlers.map((handler) => ({ name: handler, kind: 'handler', handler }));
}
