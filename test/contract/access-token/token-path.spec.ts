import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestGateway } from '../../support/test-gateway.js';
import { askForToken, badRequest, contractHeaders, granted, HEADERS, seen } from './token-call.js';

const METHOD_NOT_ALLOWED = {
  status: 405,
  headers: { ...HEADERS, allow: 'POST' },
  body: { error: 'Method not allowed' },
};
const OTHER_METHODS = ['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY'];

describe('the token URL', () => {
  let gateway: TestGateway;
  beforeEach(async () => {
    gateway = await TestGateway.start();
  });
  afterEach(() => gateway.close());

  it('is POST only, whoever asks', async () => {
    for (const method of OTHER_METHODS) {
      expect([method, seen(await askForToken(gateway, { method }))]).toEqual([method, METHOD_NOT_ALLOWED]);
      const nobody = { method, authorization: null, contentType: null, form: '' };
      expect([method, seen(await askForToken(gateway, nobody))]).toEqual([method, METHOD_NOT_ALLOWED]);
    }
  });

  it('answers HEAD as GET, without the body', async () => {
    const { status, headers, body } = await askForToken(gateway, { method: 'HEAD', form: '' });
    expect({ status, headers: contractHeaders(headers) }).toEqual({ status: 405, headers: METHOD_NOT_ALLOWED.headers });
    expect(body).toBe('');
  });

  it('is the same with a query string', async () => {
    expect(seen(await askForToken(gateway, { path: '/oauth2/token?x=y' }))).toEqual(granted());
    expect(seen(await askForToken(gateway, { path: '/oauth2/token?' }))).toEqual(granted());
    const get = { method: 'GET', path: '/oauth2/token?x=y' };
    expect(seen(await askForToken(gateway, get))).toEqual(METHOD_NOT_ALLOWED);
  });

  it.each(['/oauth2/token/', '/oauth2/token/x', '/oauth2', '/OAUTH2/TOKEN', '/oauth2//token', '/oauth2/token%00'])(
    'is not %s',
    async (path) => {
      expect((await askForToken(gateway, { path })).status).toBe(404);
    },
  );
});

describe('the token URL, called by a base URL that ends in a slash', () => {
  it.each([
    ['/oauth2/token', {}],
    ['/authz/v1/token', { TOKEN_PATH: '/authz/v1/token' }],
  ])('is the same: %s', async (path, env) => {
    const gateway = await TestGateway.start({ env });
    expect(seen(await askForToken(gateway, { path: `/${path}` }))).toEqual(granted());
    expect(seen(await askForToken(gateway, { path: `//${path}?x=y` }))).toEqual(granted());
    expect(seen(await askForToken(gateway, { path: `/${path}`, method: 'GET' }))).toEqual(METHOD_NOT_ALLOWED);
    await gateway.close();
  });
});

describe('the token URL, written otherwise', () => {
  let gateway: TestGateway;
  beforeEach(async () => {
    gateway = await TestGateway.start();
  });
  afterEach(() => gateway.close());

  it.each([
    ['percent-encoded', '/oauth2/%74oken'],
    ['with scheme and host (RFC 9112, section 3.2.2)', 'http://gateway.example/oauth2/token'],
  ])('answers the same: %s', async (_name, path) => {
    expect(seen(await askForToken(gateway, { path }))).toEqual(granted());
    expect(seen(await askForToken(gateway, { path, method: 'GET' }))).toEqual(METHOD_NOT_ALLOWED);
  });
});

describe('TOKEN_PATH', () => {
  const path = '/authz/v1/token';
  let gateway: TestGateway;
  beforeEach(async () => {
    gateway = await TestGateway.start({ env: { TOKEN_PATH: path, PUBLIC_URL: 'https://gateway.example' } });
  });
  afterEach(() => gateway.close());

  it('is where access tokens are to be had', async () => {
    expect(seen(await askForToken(gateway, { path }))).toEqual(granted());
    expect(seen(await askForToken(gateway, { path: `${path}?x=y` }))).toEqual(granted());
  });

  it('is the only place', async () => {
    const answer = await fetch(`${gateway.url}/oauth2/token`, { method: 'POST' });
    expect(answer.status).toBe(404);
    for (const other of ['/oauth2/%74oken', 'http://gateway.example/oauth2/token']) {
      expect((await askForToken(gateway, { path: other })).status).toBe(404);
    }
  });

  it('answers there as the contract says', async () => {
    expect(seen(await askForToken(gateway, { path, form: '' }))).toEqual(badRequest('grant_type is missing'));
    expect(seen(await askForToken(gateway, { path, method: 'GET' }))).toEqual(METHOD_NOT_ALLOWED);
  });

  it.each([`${path}/`, `${path}/x`, '/authz/v1', '/v1/token'])('is not %s', async (other) => {
    expect((await askForToken(gateway, { path: other })).status).toBe(404);
  });

  it('is told in the metadata', async () => {
    const metadata = await fetch(`${gateway.url}/.well-known/oauth-authorization-server`);
    expect(await metadata.json()).toMatchObject({ token_endpoint: `https://gateway.example${path}` });
  });
});
