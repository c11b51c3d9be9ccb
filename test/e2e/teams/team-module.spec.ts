import type { OpenAPIObject } from '@nestjs/swagger';
import { afterEach, expect, it } from 'vitest';
import { send } from '../../support/http.js';
import { DeliveryGateway } from '../delivery/delivery-gateway.js';
import { AcmeHandler, AcmeModule } from './acme-team.js';

let merchant: DeliveryGateway | undefined;
afterEach(async () => {
  await merchant?.close();
  merchant = undefined;
});

async function start(env: Record<string, string> = {}): Promise<DeliveryGateway> {
  merchant = await DeliveryGateway.start([{ name: 'main', kind: 'handler', handler: 'acme' }], env, [], [AcmeModule]);
  return merchant;
}

const get = async (path: string): Promise<{ status: number; body: unknown }> => {
  const answer = await send(merchant?.gateway.url ?? '', path, { method: 'GET' });
  return { status: answer.status, body: answer.body ? answer.json() : undefined };
};

it('a team’s handler gets the event, writes to its own table, and is counted and logged', async () => {
  const { gateway, ...team } = await start();
  expect(team).toEqual({});
  await merchant?.notify('second', { headers: { 'x-correlation-id': 'c-77' } });
  await merchant?.settled(1);

  expect(await merchant?.states()).toEqual(['delivered']);
  expect(await gateway.query('select * from team_acme_seen')).toEqual([{ token_id: 'second', sequence: 1 }]);
  const metrics = (await send(gateway.url, '/metrics', { method: 'GET' })).body;
  expect(metrics).toContain('# TYPE team_acme_seen_total counter\nteam_acme_seen_total 1\n');
  expect(metrics).toContain('# TYPE d1_gateway_handler_problems_total counter');
  const lines = gateway.logLines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines.find(({ context }) => context === 'handler acme')).toMatchObject({
    level: 'info',
    msg: 'seen',
    correlationId: 'c-77',
    fields: { sequence: 1 },
  });
});

it('its handler is started before the first event and stopped after the last', async () => {
  const { gateway } = await start();
  const handler = gateway.app.get(AcmeHandler, { strict: false });
  await merchant?.notify('second');
  await merchant?.settled(1);
  await merchant?.close();
  merchant = undefined;

  expect(handler.calls).toEqual(['start', 'handle 1', 'stop']);
});

it('its controllers stand under its path, with its configuration, and in the documents', async () => {
  await start({ TEAM_ACME_VAULT_URL: 'https://vault.example', TEAM_ACME_PAGE_SIZE: '5' });

  expect(await get('/merchants/acme/seen')).toEqual({
    status: 200,
    body: { vaultUrl: 'https://vault.example', pageSize: 5, seen: [] },
  });
  expect((await get('/seen')).status).toBe(404);
  const { body } = await get('/openapi.json');
  expect((body as OpenAPIObject).paths['/merchants/acme/seen']?.get?.operationId).toBe('acmeSeen');
});

it('says how its handlers are, and is ready all the same', async () => {
  const { gateway } = await start();
  expect(await get('/health/handlers')).toMatchObject({ status: 200, body: { details: { acme: { status: 'up' } } } });

  gateway.app.get(AcmeHandler, { strict: false }).health = 'the vault is sealed';

  expect(await get('/health/handlers')).toMatchObject({
    status: 503,
    body: { details: { acme: { status: 'down', message: 'the vault is sealed' } } },
  });
  expect((await get('/health/ready')).status).toBe(200);
});
