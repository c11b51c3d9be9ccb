import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { MERCHANT_GATEWAY } from '../support/test-gateway.js';
import { RegistryGateway } from '../support/registry-gateway.js';

let registry: RegistryGateway;
beforeAll(async () => {
  registry = await RegistryGateway.start();
  const renamed = await registry.call('PUT', `/registry/merchant-gateways/${MERCHANT_GATEWAY}`, {
    body: { name: 'New' },
  });
  expect(renamed.status).toBe(200);
});
afterAll(() => registry.close());

const entries = (): Promise<object[]> => registry.gateway.query('select * from audit_entries');

const BY_ENGINE = {
  sqlite:
    'insert or replace into audit_entries select id, at_ms, \'nobody\', remote_address, correlation_id, action, merchant_gateway_id, target, "before", "after" from audit_entries',
  postgres: 'truncate audit_entries',
};

it.each(["update audit_entries set client_id = 'nobody'", 'delete from audit_entries', BY_ENGINE[inject('engine')]])(
  'the database refuses: %s',
  async (statement) => {
    const before = await entries();
    // What was provisioned, and the new name.
    expect(before).toHaveLength(2);

    await expect(registry.gateway.query(statement)).rejects.toThrow('audit_entries is append-only');

    expect(await entries()).toEqual(before);
  },
);
