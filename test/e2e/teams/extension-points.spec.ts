import {
  delivered,
  MerchantModule,
  type DestinationKind,
  type DestinationSettings,
  type EventMapper,
  type MerchantModuleOptions,
  type MerchantRef,
  type NotificationFilter,
  type OutgoingMessage,
  type Outcome,
  type TokenDirectory,
  type TokenUpdatedEvent,
} from '@gateway/merchant-kit';
import { startTestGateway, type TestDestination, type TestGateway } from '@gateway/merchant-kit/testing';
import { Module, type Type } from '@nestjs/common';
import { afterEach, describe, expect, it } from 'vitest';
import { answers, Receiver } from '../../support/receiver.js';
import { SECRET } from '../delivery/delivery-gateway.js';

const MERCHANTS: readonly MerchantRef[] = [{ merchantGatewayId: 'MGW_000001', merchantId: '10610027312' }];

let gateway: TestGateway | undefined;
let receiver: Receiver | undefined;
afterEach(async () => {
  await gateway?.close();
  await receiver?.close();
  gateway = undefined;
  receiver = undefined;
});

function teamWith(options: Partial<MerchantModuleOptions>, providers: Type[], team = 'acme'): Type {
  @Module({ imports: [MerchantModule.register({ team, kit: '^1.0', ...options })], providers })
  class TeamModule {}
  return TeamModule;
}

async function start(merchants: Type[], destinations: TestDestination[], env = {}): Promise<TestGateway> {
  gateway = await startTestGateway({ merchants, destinations, env });
  return gateway;
}

async function webhook(): Promise<TestDestination> {
  receiver = await Receiver.start();
  return { name: 'main', kind: 'webhook', url: receiver.url, secret: SECRET };
}

describe('an EventMapper', () => {
  class Mapper implements EventMapper {
    readonly merchants = MERCHANTS;
    map({ data }: TokenUpdatedEvent): unknown {
      if (data.tokenId === 'token-2') throw new Error('no such card');
      return data.tokenId === 'token-3' ? undefined : { card: data.tokenId, version: data.sequence, why: data.payload };
    }
  }

  it('gives webhooks their shape', async () => {
    await start([teamWith({ eventMappers: [Mapper] }, [Mapper])], [await webhook()]);

    await gateway?.notify('token-1', { reason: 'RENEWED' });
    await gateway?.settled(1);

    expect(receiver?.received.map(({ body }) => JSON.parse(body) as unknown)).toEqual([
      { card: 'token-1', version: 1, why: { reason: 'RENEWED' } },
    ]);
  });

  it('that fails, or returns no JSON, is a retry', async () => {
    await start([teamWith({ eventMappers: [Mapper] }, [Mapper])], [await webhook()]);

    await gateway?.notify('token-2');
    await gateway?.notify('token-3');
    await gateway?.tried(2);

    expect(await gateway?.deliveries()).toMatchObject([
      { tokenId: 'token-2', state: 'pending', reason: 'The mapper of team acme failed: no such card' },
      { tokenId: 'token-3', state: 'pending', reason: 'The mapper of team acme returned no JSON' },
    ]);
    expect(receiver?.received).toEqual([]);
  });

  it('is one for each merchant', async () => {
    class Other extends Mapper {}
    const teams = [
      teamWith({ eventMappers: [Mapper] }, [Mapper]),
      teamWith({ eventMappers: [Other] }, [Other], 'other'),
    ];

    await expect(start(teams, [])).rejects.toThrow(
      'Teams acme and other both map the events of MGW_000001/10610027312',
    );
  });
});

describe('a NotificationFilter', () => {
  class Filter implements NotificationFilter {
    readonly merchants = MERCHANTS;
    unwanted({ data }: TokenUpdatedEvent): string | undefined {
      if (data.tokenId === 'token-2') throw new Error('a bug');
      return data.tokenId === 'token-1' ? 'a test card' : undefined;
    }
  }

  it('drops what is not wanted, on record; what it cannot tell is sent', async () => {
    await start([teamWith({ notificationFilters: [Filter] }, [Filter])], [await webhook()]);

    for (const token of ['token-1', 'token-2', 'token-3']) expect(await gateway?.notify(token)).toBe(204);
    const deliveries = await gateway?.settled(3);

    expect(deliveries).toMatchObject([
      { tokenId: 'token-1', state: 'cancelled', reason: 'Not wanted, says team acme: a test card' },
      { tokenId: 'token-2', state: 'delivered' },
      { tokenId: 'token-3', state: 'delivered' },
    ]);
    expect(receiver?.received.map(({ event }) => event.data.tokenId).toSorted()).toEqual(['token-2', 'token-3']);
  });
});

describe('a DestinationKind', () => {
  const sent: object[] = [];
  class Bus implements DestinationKind {
    problem({ url }: DestinationSettings): string | undefined {
      return url?.startsWith('bus:') ? undefined : 'needs a url that begins with bus:';
    }
    send(settings: DestinationSettings, { json, attempt }: OutgoingMessage): Outcome {
      sent.push({ ...settings, json: JSON.parse(json) as unknown, attempt });
      return delivered();
    }
  }
  const team = teamWith({ destinationKinds: { bus: Bus } }, [Bus]);

  it('sends, with what the destination was declared with', async () => {
    sent.length = 0;
    await start([team], [{ name: 'cards', kind: 'bus', url: 'bus:cards', secret: 'not one of webhooks' }]);

    await gateway?.notify('token-1');
    await gateway?.settled(1);

    expect(sent).toEqual([
      {
        merchantId: '10610027312',
        name: 'cards',
        url: 'bus:cards',
        secrets: ['not one of webhooks'],
        attempt: 1,
        json: expect.objectContaining({ type: 'token.updated' }) as object,
      },
    ]);
  });

  it.each([
    [{ name: 'cards', kind: 'bus', url: 'cards' }, /destinations\W+0\W+kind.* needs a url that begins with bus:/],
    [{ name: 'cards', kind: 'tram' }, /destinations\W+0\W+kind.* is not one of webhook, handler, bus/],
    [{ name: 'cards', kind: 'bus', url: 7 }, /destinations\W+0\W+url.* must be a text/],
  ])('is asked when a destination is declared: %j', async (destination, problem) => {
    await expect(start([team], [destination as TestDestination])).rejects.toThrow(problem);
  });
});

describe('a TokenDirectory', () => {
  let asked: string[] = [];
  class Vault implements TokenDirectory {
    readonly merchants = MERCHANTS;
    readonly timeoutMs = 100;
    has(_merchant: MerchantRef, tokenId: string): boolean | Promise<boolean> {
      asked.push(tokenId);
      if (tokenId === 'slow') return new Promise(() => undefined);
      if (tokenId === 'broken') throw new Error('the vault is sealed');
      return tokenId.startsWith('vault-');
    }
  }
  const startVault = async (): Promise<TestGateway> => {
    asked = [];
    return start([teamWith({ tokenDirectories: [Vault] }, [Vault])], [await webhook()]);
  };
  it('knows tokens that are not registered: they are, from then on, and it is not asked again', async () => {
    await startVault();

    expect(await gateway?.notify('vault-1')).toBe(204);
    expect(await gateway?.notify('vault-1')).toBe(204);
    await gateway?.settled(2);

    expect(receiver?.received.map(({ event }) => [event.data.tokenId, event.data.sequence])).toEqual([
      ['vault-1', 1],
      ['vault-1', 2],
    ]);
    expect(asked).toEqual(['vault-1']);
  });

  it('is not asked for tokens that are registered', async () => {
    await startVault();

    expect(await gateway?.notify('token-1')).toBe(204);

    expect(asked).toEqual([]);
  });

  it('does not know a token: D1 is told so, and it is not asked again at once', async () => {
    await startVault();

    expect(await gateway?.notify('nowhere')).toBe(404);
    expect(await gateway?.notify('nowhere')).toBe(404);

    expect(asked).toEqual(['nowhere']);
  });

  it.each(['slow', 'broken'])('that does not say (%s): D1 is told to try again', async (tokenId) => {
    await startVault();

    expect(await gateway?.notify(tokenId)).toBe(503);
  });

  it('whose answer D1 did not wait for loses nothing: the update goes out when the token is known', async () => {
    await startVault();
    expect(await gateway?.notify('slow')).toBe(503);

    await gateway?.query(
      `insert into tokens (merchant_gateway_id, merchant_id, id, registered_at_ms)
       values ('MGW_000001', '10610027312', 'slow', 0)`,
    );
    expect(await gateway?.notify('vault-2')).toBe(204);
    await gateway?.settled(2);

    expect(receiver?.received.map(({ event }) => event.data.tokenId).toSorted()).toEqual(['slow', 'vault-2']);
  });
});

it('a webhook’s answer counts as ever beside a mapper', async () => {
  class Plain implements EventMapper {
    readonly merchants = MERCHANTS;
    map(event: TokenUpdatedEvent): unknown {
      return event;
    }
  }
  const destination = await webhook();
  if (receiver) receiver.respond = answers(500, 204);
  await start([teamWith({ eventMappers: [Plain] }, [Plain])], [destination]);

  await gateway?.notify('token-1');
  await gateway?.tried(1);
  await gateway?.later(10);
  await gateway?.settled(1);

  expect(receiver?.sequences).toEqual([1, 1]);
});
