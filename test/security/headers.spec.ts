import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { send } from '../support/http.js';
import { notifyPath, TestGateway } from '../support/test-gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await TestGateway.start({ env: { PUBLIC_URL: 'https://gateway.example' } });
});
afterAll(() => gateway.close());

const HARDENED = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'strict-transport-security': 'max-age=31536000',
};
const NOTHING_LOADS = "default-src 'none'; frame-ancestors 'none'";

it.each([
  ['an operation', '/operations/notifications'],
  ['the registry', '/registry/clients'],
  ['keys', '/.well-known/jwks.json'],
  ['health', '/health/live'],
  ['the document', '/openapi.json'],
  ['a path that there is not', '/nowhere'],
])('%s may neither be framed, nor sniffed, nor load anything', async (_, path) => {
  const { headers } = await send(gateway.url, path, { method: 'GET' });

  expect(headers).toMatchObject({ ...HARDENED, 'content-security-policy': NOTHING_LOADS });
});

it('Swagger UI loads what is its own, and runs no script that stands in the page', async () => {
  const page = await send(gateway.url, '/docs', { method: 'GET' });
  const policy = String(page.headers['content-security-policy']);

  expect(page.headers).toMatchObject(HARDENED);
  expect(policy).toContain("script-src 'self';");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(page.body).toContain('<script');
  expect(page.body).not.toMatch(/<script(?![^>]*\bsrc=)[^>]*>/);
  expect(page.body).not.toMatch(/(src|href)="https?:/);
});

it.each([
  ['notify-update', notifyPath()],
  ['the token endpoint', '/oauth2/token'],
])('%s gets what cannot hurt, and nothing else', async (_, path) => {
  const { headers } = await send(gateway.url, path);

  expect(headers['x-content-type-options']).toBe('nosniff');
  expect(headers).not.toHaveProperty('content-security-policy');
});

describe('no other origin may read anything (no CORS)', () => {
  it.each(['/operations/notifications', '/oauth2/token', notifyPath(), '/docs', '/.well-known/jwks.json'])(
    '%s',
    async (path) => {
      const origin = { origin: 'https://evil.example' };
      const preflight = { ...origin, 'access-control-request-method': 'POST' };
      for (const [method, headers] of [
        ['GET', origin],
        ['OPTIONS', preflight],
        ['POST', origin],
      ] as const) {
        const answer = await send(gateway.url, path, { method, headers });
        const told = Object.keys(answer.headers).filter((name) => name.startsWith('access-control-'));
        expect({ method, told }).toEqual({ method, told: [] });
      }
    },
  );
});
