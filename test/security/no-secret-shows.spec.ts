import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DestinationDirectory } from '../../src/delivery/destinations/destination-directory.js';
import { SigningKeys } from '../../src/auth/keys/signing-keys.js';
import { DeliveryGateway, SECRET } from '../e2e/delivery/delivery-gateway.js';
import { send, type Call } from '../support/http.js';
import { Receiver } from '../support/receiver.js';
import { basic, D1_CLIENT, notifyPath } from '../support/test-gateway.js';

const MASTER_KEY = Buffer.alloc(32, 'master-key-of-a-test').toString('base64');
const TEAM_SECRET = 'a-secret-that-a-team-has-set';
const FORM = 'application/x-www-form-urlencoded';

let receiver: Receiver;
let merchant: DeliveryGateway;
let accessToken: string;
let secrets: readonly string[];

beforeAll(async () => {
  receiver = await Receiver.start();
  const env = { MASTER_KEY, TEAM_ACME_PASSWORD: TEAM_SECRET };
  merchant = await DeliveryGateway.start([{ name: 'main', kind: 'webhook', url: receiver.url, secret: SECRET }], env);
  const { gateway } = merchant;
  accessToken = await gateway.accessToken();
  secrets = [
    MASTER_KEY,
    TEAM_SECRET,
    SECRET.replace('whsec_', ''),
    gateway.secretOf(D1_CLIENT),
    accessToken.slice(accessToken.lastIndexOf('.') + 1),
  ];
});
afterAll(async () => {
  await merchant.close();
  await receiver.close();
});

const call = async (path: string, options: Call = {}): Promise<string> => {
  const { status, headers, body } = await send(merchant.gateway.url, path, options);
  return JSON.stringify({ status, headers }) + body;
};

function holdsNone(text: string): void {
  expect(text.length).toBeGreaterThan(50);
  for (const secret of secrets) expect(text.includes(secret), `${secret.slice(0, 6)}… shows`).toBe(false);
}

describe('none of the secrets that are in use shows', () => {
  it.each(['/metrics', '/openapi.json', '/openapi.yaml', '/.well-known/jwks.json', '/health/ready', '/docs'])(
    'in %s',
    async (path) => holdsNone(await call(path, { method: 'GET' })),
  );

  it('in what is said of a request that is wrong, though it stands in it', async () => {
    const secret = merchant.gateway.secretOf(D1_CLIENT);
    const bearer = { authorization: `Bearer ${accessToken}` };
    const json = { ...bearer, 'content-type': 'application/json' };
    const form = { 'content-type': FORM };
    const wrong: [string, Call][] = [
      ['/oauth2/token', { headers: { ...form, authorization: basic('nobody', secret) }, body: 'grant_type=x' }],
      ['/oauth2/token', { headers: { ...form, authorization: `Basic ${secret}` }, body: 'grant_type=x' }],
      [
        '/oauth2/token',
        { headers: { ...form, authorization: basic(D1_CLIENT, secret) }, body: `grant_type=${secret}` },
      ],
      ['/oauth2/token', { headers: { ...form, authorization: basic(D1_CLIENT, secret) }, body: `scope=${secret}` }],
      [`/oauth2/token?client_secret=${secret}`, { headers: form, body: `client_secret=${secret}` }],
      ['/oauth2/introspect', { headers: { ...form, authorization: basic('x', secret) }, body: `token=${accessToken}` }],
      [notifyPath(), { headers: { authorization: `Bearer ${accessToken}x` } }],
      [notifyPath(undefined, undefined, accessToken), { headers: bearer }],
      [notifyPath(), { headers: json, body: `{"${secret}` }],
      [`/registry/clients/${accessToken}`, { method: 'GET', headers: bearer }],
      [`/operations/audit?cursor=${secret}`, { method: 'GET', headers: bearer }],
      [`/${secret}`, { method: 'GET' }],
    ];
    for (const [path, options] of wrong) {
      const text = await call(path, options);
      expect(text).toMatch(/^\{"status":4\d\d/);
      holdsNone(text);
    }
  });

  it('where a destination, or the configuration, is written out', async () => {
    const { app, config } = merchant.gateway;
    const [row] = await merchant.gateway.query<{ id: string }>('select id from destinations');
    const destination = await app.get(DestinationDirectory).find(row?.id ?? '');

    expect(destination?.secrets).toEqual([SECRET]);
    expect(config.teamVariables).toHaveProperty('TEAM_ACME_PASSWORD', TEAM_SECRET);
    for (const object of [destination, { destination }, config, app.get(SigningKeys).active()]) {
      holdsNone(inspect(object, { depth: 10, showHidden: false }) + JSON.stringify(object));
    }
  });

  it('in the log, nor beside what is delivered', async () => {
    expect(await merchant.notify()).toBe(204);
    await merchant.settled(1);

    holdsNone(merchant.gateway.logLines.join(''));
    holdsNone(JSON.stringify(receiver.received));
    holdsNone(await call('/metrics', { method: 'GET' }));
  });
});
