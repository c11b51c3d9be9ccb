import { afterAll, beforeAll, expect, it } from 'vitest';
import { RegistryGateway } from '../support/registry-gateway.js';
import { MERCHANT, MERCHANT_GATEWAY } from '../support/test-gateway.js';

const PAN = '4111111111111111';
const MASKED = '************1111';
const GATEWAY = `/registry/merchant-gateways/${MERCHANT_GATEWAY}`;
const SHOP = `${GATEWAY}/merchants/${MERCHANT}`;

let registry: RegistryGateway;
beforeAll(async () => {
  registry = await RegistryGateway.start();
});
afterAll(() => registry.close());

async function change(method: string, path: string, body?: object): Promise<void> {
  const { status } = await registry.call(method, path, body ? { body } : {});
  expect(status).toBeLessThan(300);
}

it('a card number that somebody has taken for a name or an id does not stand in the audit trail', async () => {
  await change('PUT', GATEWAY, { name: `Card ${PAN}` });
  await change('PUT', GATEWAY, { name: 'Card 4111-1111-1111-1111' });
  await change('PUT', `${SHOP}/tokens/${PAN}`);
  await change('PUT', `${SHOP}/destinations/${PAN}`, { kind: 'webhook', url: `https://shop.example/${PAN}` });
  await change('DELETE', `${SHOP}/tokens/${PAN}`);

  const { items } = (await registry.call('GET', '/operations/audit')).json<{ items: object[] }>();
  const authentication = null;
  expect(items.slice(0, 5)).toMatchObject([
    { action: 'token.delete', target: `${SHOP}/tokens/${MASKED}` },
    {
      action: 'destination.put',
      target: `${SHOP}/destinations/${MASKED}`,
      after: { url: `https://shop.example/${MASKED}` },
    },
    { action: 'token.put', target: `${SHOP}/tokens/${MASKED}` },
    {
      action: 'merchant-gateway.put',
      before: { id: MERCHANT_GATEWAY, name: `Card ${MASKED}`, authentication },
      after: { id: MERCHANT_GATEWAY, name: 'Card ****-****-****-1111', authentication },
    },
    { action: 'merchant-gateway.put', after: { id: MERCHANT_GATEWAY, name: `Card ${MASKED}`, authentication } },
  ]);
  const stored = JSON.stringify(await registry.gateway.query('select * from audit_entries'));
  expect(stored).toContain(MASKED);
  expect(stored.replaceAll(/[ -]/g, '')).not.toContain(PAN);
});
