// Walks every operation that the running gateway documents, as a client of another merchant gateway: whatever comes to
// be documented is walked, too, and one that the suite cannot call fails it.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { send, type Answer } from '../support/http.js';
import { Receiver } from '../support/receiver.js';
import { bodyOf, operationsOf, pathOf, queriedPaths, type Document, type Operation } from './operations.js';
import { ADMIN, D1, FIRST, SNOOP, SNOOP_D1, SNOOP_READER, TwoTenants } from './two-tenants.js';

/** That this is what the running gateway documents is asserted below. */
const OPERATIONS = operationsOf(parse(readFileSync('docs/openapi.yaml', 'utf8')) as Document);
const GUARDED = OPERATIONS.filter(({ scopes }) => scopes.length > 0);
const OPEN = OPERATIONS.filter(({ scopes }) => scopes.length === 0);
const NOTIFY = 'notifyTokenUpdate';
/** Changes nothing, though it is a POST: of what is another tenant's it says what it says of nothing. */
const INTROSPECT = 'introspectToken';

const named = (operations: readonly Operation[]): [string, Operation][] =>
  operations.map((operation) => [`${operation.method} ${operation.template}`, operation]);

let receiver: Receiver;
let world: TwoTenants;
beforeAll(async () => {
  receiver = await Receiver.start();
  world = await TwoTenants.start(receiver);
});
afterAll(async () => {
  await world.close();
  await receiver.close();
});

/** Ids that were asked for stand in no answer but that of the thing itself. */
function expectNothingOfFirst({ body, headers }: Answer): void {
  const told = `${body}\n${JSON.stringify(headers)}`;
  for (const text of [...Object.values(FIRST), ...Object.values(world.ids)]) expect(told).not.toContain(text);
}

it('walks what the running gateway documents', async () => {
  const { body } = await send(world.gateway.url, '/openapi.yaml', { method: 'GET' });

  expect(operationsOf(parse(body) as Document)).toEqual(OPERATIONS);
  expect(GUARDED.length).toBeGreaterThan(5);
});

describe.each(named(GUARDED))('%s', (_, operation) => {
  const { method, operationId } = operation;
  const isRead = method === 'GET';

  it('is closed without an access token', async () => {
    const answer = await world.call(method, pathOf(operation, world), undefined, bodyOf(operation, world));

    expect(answer.status).toBe(401);
    expectNothingOfFirst(answer);
  });

  it('is closed to an access token with the wrong scope', async () => {
    const wrong = operationId === NOTIFY ? [ADMIN, SNOOP_READER] : isRead ? [D1] : [D1, SNOOP_READER];
    for (const client of wrong) {
      const answer = await world.call(method, pathOf(operation, world), client, bodyOf(operation, world));

      expect(answer.status).toBe(401);
      expect(answer.headers['www-authenticate']).toContain('insufficient_scope');
      expectNothingOfFirst(answer);
    }
  });

  it('shows and does nothing of another tenant', async () => {
    const before = await world.state();
    const snoops = operationId === NOTIFY ? [SNOOP_D1] : isRead ? [SNOOP, SNOOP_READER] : [SNOOP];
    for (const snoop of snoops) {
      for (const path of [pathOf(operation, world), ...queriedPaths(operation, world)]) {
        const answer = await world.call(method, path, snoop, bodyOf(operation, world));

        // A list is empty, or holds what is the caller's own; what names a thing of another tenant is not there.
        expect({ path, status: answer.status }).toEqual({
          path,
          status: expect.toBeOneOf(isRead || operationId === INTROSPECT ? [200, 401, 404] : [401, 404]) as number,
        });
        expectNothingOfFirst(answer);
      }
    }
    expect(await world.state()).toEqual(before);
  });
});

it.each(named(OPEN))('%s asks for no access token, and says nothing of anybody', async (_, operation) => {
  const answer = await world.call(operation.method, pathOf(operation, world), undefined, {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: '',
  });

  expect(answer.status).toBe(operation.isWithSecret ? 401 : 200);
  expectNothingOfFirst(answer);
});

describe('the access token of a client of another tenant', () => {
  const operation = (id: string): Operation => {
    const found = OPERATIONS.find(({ operationId }) => operationId === id);
    if (!found) throw new Error(`There is no ${id}`);
    return found;
  };
  const introspect = async (clientId: string): Promise<unknown> => {
    const { method, template } = operation(INTROSPECT);
    const answer = await world.call(method, template, clientId, bodyOf(operation(INTROSPECT), world));
    return answer.json();
  };
  const revoke = (clientId: string): Promise<Answer> => {
    const { template } = operation('revokeToken');
    return world.callWithSecret(template, clientId, bodyOf(operation('revokeToken'), world));
  };

  it('is not active to it', async () => {
    expect(await introspect(SNOOP)).toEqual({ active: false });
    expect(await introspect(ADMIN)).toMatchObject({ active: true, client_id: FIRST.clientId });
  });

  it('is not revoked by it', async () => {
    const before = await world.state();
    for (const snoop of [SNOOP, SNOOP_READER, SNOOP_D1]) {
      const answer = await revoke(snoop);

      expect(answer.status).toBe(400);
      expectNothingOfFirst(answer);
    }
    expect(await world.state()).toEqual(before);
    expect(await introspect(ADMIN)).toMatchObject({ active: true });

    expect((await revoke(ADMIN)).status).toBe(200);
    expect(await introspect(ADMIN)).toEqual({ active: false });
  });
});

describe('every one of these calls is right, but for the caller', () => {
  const order = { GET: 0, POST: 1, PUT: 1, PATCH: 1, DELETE: 2 } as Record<string, number>;
  // What is deleted goes from the inside to the outside.
  const sorted = GUARDED.toSorted(
    (a, b) =>
      (order[a.method] ?? 0) - (order[b.method] ?? 0) ||
      (a.method === 'DELETE' ? b.template.length - a.template.length : 0),
  );

  it.each(named(sorted))('%s', async (_, operation) => {
    const answer = await world.call(
      operation.method,
      pathOf(operation, world),
      operation.operationId === NOTIFY ? D1 : ADMIN,
      bodyOf(operation, world),
    );

    // 409: the thing is there, and something else depends on it.
    expect({ status: answer.status, body: answer.body }).toEqual({
      status: expect.toBeOneOf([200, 201, 202, 204, 409]) as number,
      body: expect.any(String) as string,
    });
  });
});
