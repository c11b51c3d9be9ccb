import {
  delivered,
  MerchantModule,
  type DestinationKind,
  type HandlerHealth,
  type MerchantHandler,
  type MerchantRef,
  type Outcome,
  type TokenDirectory,
} from '@gateway/merchant-kit';
import { Module } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { send } from '../../support/http.js';
import { TestGateway } from '../../support/test-gateway.js';

let calls: string[];
let health: HandlerHealth;

beforeEach(() => {
  calls = [];
  health = true;
});

class Vault implements MerchantHandler {
  start(): Promise<void> {
    calls.push('start');
    return Promise.reject(new Error('the vault is sealed'));
  }
  stop(): void {
    calls.push('stop');
  }
  handle(): Outcome {
    return delivered();
  }
}
class Bus implements DestinationKind {
  send(): Outcome {
    return delivered();
  }
  healthy(): HandlerHealth {
    return health;
  }
}
class Directory implements TokenDirectory {
  readonly merchants: readonly MerchantRef[] = [{ merchantGatewayId: 'MGW_000001', merchantId: '10610027312' }];
  has(): boolean {
    return false;
  }
  async healthy(): Promise<HandlerHealth> {
    if (health !== true) throw new Error(health);
    return true;
  }
}

@Module({
  imports: [MerchantModule.register({ team: 'sealed', kit: '^1.0', handlers: { vault: Vault } })],
  providers: [Vault],
})
class SealedModule {}
@Module({
  imports: [
    MerchantModule.register({
      team: 'acme',
      kit: '^1.1',
      destinationKinds: { bus: Bus },
      tokenDirectories: [Directory],
    }),
  ],
  providers: [Bus, Directory],
})
class AcmeModule {}

let gateway: TestGateway | undefined;
afterEach(async () => {
  await gateway?.close();
  gateway = undefined;
});

async function handlersHealth(): Promise<unknown> {
  const answer = await send(gateway?.url ?? '', '/health/handlers', { method: 'GET' });
  return { status: answer.status, details: answer.json<{ details: unknown }>().details };
}

it('a team with a kind or a directory alone says how these are, too', async () => {
  gateway = await TestGateway.start({ teams: [AcmeModule] });
  const up = { status: 'up' };
  expect(await handlersHealth()).toEqual({ status: 200, details: { 'kind:bus': up, 'directory:acme': up } });

  health = 'no connection';

  const down = { status: 'down', message: 'no connection' };
  expect(await handlersHealth()).toEqual({ status: 503, details: { 'kind:bus': down, 'directory:acme': down } });
});

// SQLite is for one instance, with all the roles.
describe.runIf(inject('engine') === 'postgres')('where notifications are only taken', () => {
  it('no handler is started: one that does not start keeps no notification from being taken', async () => {
    gateway = await TestGateway.start({ teams: [SealedModule], env: { ROLES: 'intake' } });

    expect((await send(gateway.url, '/health/ready', { method: 'GET' })).status).toBe(200);
    expect(await handlersHealth()).toEqual({ status: 200, details: {} });
    await gateway.close();
    gateway = undefined;
    expect(calls).toEqual([]);
  });

  it('of a team’s code the directory alone is asked how it is', async () => {
    gateway = await TestGateway.start({ teams: [AcmeModule], env: { ROLES: 'intake' } });

    expect(await handlersHealth()).toEqual({ status: 200, details: { 'directory:acme': { status: 'up' } } });
  });

  it('where deliveries are made the handler must start', async () => {
    await expect(TestGateway.start({ teams: [SealedModule], env: { ROLES: 'dispatcher' } })).rejects.toThrow(
      'Team sealed: the handler vault did not start: the vault is sealed',
    );
  });
});
