import { calculateJwkThumbprint, type JWK } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import { send } from '../../support/http.js';
import { TestGateway } from '../../support/test-gateway.js';
import { contractHeaders } from './token-call.js';

const PUBLIC_HEADERS = {
  'cache-control': 'public, max-age=60',
  'content-type': expect.stringMatching(/^application\/json(; charset=utf-8)?$/) as string,
  'x-correlation-id': 'discovery',
  'x-content-type-options': 'nosniff',
};

describe('discovery', () => {
  let gateway: TestGateway;
  afterEach(() => gateway.close());

  const get = async (path: string): Promise<{ status: number; headers: object; body: unknown }> => {
    const headers = { 'x-correlation-id': 'discovery' };
    const answer = await send(gateway.url, path, { method: 'GET', headers });
    return { status: answer.status, headers: contractHeaders(answer.headers), body: answer.json() };
  };

  it('publishes the public half of the signing key, and only that', async () => {
    gateway = await TestGateway.start();
    const { body, ...rest } = await get('/.well-known/jwks.json');
    expect(rest).toEqual({ status: 200, headers: PUBLIC_HEADERS });
    expect(body).toEqual({
      keys: [
        {
          kty: 'EC',
          crv: 'P-256',
          x: expect.stringMatching(/^[\w-]{43}$/),
          y: expect.stringMatching(/^[\w-]{43}$/),
          kid: expect.any(String),
          alg: 'ES256',
          use: 'sig',
        },
      ],
    });
    const [key] = (body as { keys: JWK[] }).keys;
    expect(key?.kid).toBe(await calculateJwkThumbprint(key ?? {}));
  });

  it('publishes the metadata of RFC 8414', async () => {
    gateway = await TestGateway.start({ env: { PUBLIC_URL: 'https://gateway.example/' } });
    expect(await get('/.well-known/oauth-authorization-server')).toEqual({
      status: 200,
      headers: PUBLIC_HEADERS,
      body: {
        issuer: 'https://gateway.example',
        token_endpoint: 'https://gateway.example/oauth2/token',
        jwks_uri: 'https://gateway.example/.well-known/jwks.json',
        grant_types_supported: ['client_credentials'],
        response_types_supported: [],
        token_endpoint_auth_methods_supported: ['client_secret_basic'],
        revocation_endpoint: 'https://gateway.example/oauth2/revoke',
        revocation_endpoint_auth_methods_supported: ['client_secret_basic'],
        introspection_endpoint: 'https://gateway.example/oauth2/introspect',
        scopes_supported: ['d1:notify', 'gateway:operate', 'gateway:read'],
      },
    });
  });

  it('tells URLs that work, and the issuer that access tokens name', async () => {
    gateway = await TestGateway.start({ env: { TOKEN_PATH: '/token' } });
    const { body } = await get('/.well-known/oauth-authorization-server');
    const metadata = body as { issuer: string; token_endpoint: string; jwks_uri: string };
    // Where a public URL ends is the business of what stands in front of the gateway.
    const local = (url: string): string => gateway.url + url.slice(metadata.issuer.length);
    const keys = (await fetch(local(metadata.jwks_uri)).then((answer) => answer.json())) as { keys: unknown[] };
    expect(keys.keys).toHaveLength(1);
    expect((await send(gateway.url, local(metadata.token_endpoint).slice(gateway.url.length))).status).toBe(401);
    const [, claims = ''] = (await gateway.accessToken()).split('.');
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({ iss: metadata.issuer });
  });
});
