import { createRemoteJWKSet, jwtVerify, type JWTVerifyResult } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import { D1_CLIENT, TestGateway, type TestGatewayOptions } from '../../support/test-gateway.js';
import { askForToken, granted, seen } from './token-call.js';

const PUBLIC_URL = 'https://gateway.example';

interface Granted {
  readonly access_token: string;
  readonly expires_in: number;
  readonly expires_at: string;
}

describe('an access token', () => {
  let gateway: TestGateway;
  const start = async (env: TestGatewayOptions['env'] = {}): Promise<void> => {
    gateway = await TestGateway.start({ env: { PUBLIC_URL, ...env } });
  };
  afterEach(() => gateway.close());

  /** As anybody would check it who knows no more than the published keys. */
  async function verify({ access_token: accessToken }: Granted, audience = PUBLIC_URL): Promise<JWTVerifyResult> {
    const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', gateway.url));
    return jwtVerify(accessToken, keys, { issuer: PUBLIC_URL, audience, typ: 'at+jwt', algorithms: ['ES256'] });
  }

  it('is granted for good credentials, with what the contract says of it', async () => {
    await start();
    expect(seen(await askForToken(gateway))).toEqual(granted('d1:notify'));
  });

  it('is a JWT of type at+jwt that verifies against the published keys (RFC 9068)', async () => {
    await start();
    const { payload, protectedHeader } = await verify((await askForToken(gateway)).json<Granted>());
    const issuedAt = Math.floor(gateway.clock.nowMs() / 1000);
    expect(protectedHeader).toEqual({ typ: 'at+jwt', alg: 'ES256', kid: expect.stringMatching(/^[\w-]{43}$/) });
    expect(payload).toEqual({
      iss: PUBLIC_URL,
      aud: PUBLIC_URL,
      sub: D1_CLIENT,
      client_id: D1_CLIENT,
      scope: 'd1:notify',
      jti: expect.stringMatching(/^[\w-]{16,}$/),
      iat: issuedAt,
      exp: issuedAt + 900,
    });
  });

  it('is the same one as long as most of its life is left, and expires_in is what remains', async () => {
    await start({ ACCESS_TOKEN_TTL_SECONDS: '120' });
    const [first, again] = (await Promise.all([1, 2].map(() => askForToken(gateway)))).map((answer) =>
      answer.json<Granted>(),
    );
    gateway.clock.advance(29_000);
    const later = (await askForToken(gateway)).json<Granted>();
    gateway.clock.advance(2_000);
    const other = (await askForToken(gateway)).json<Granted>();
    expect(again).toEqual(first);
    expect(later).toEqual({ ...first, expires_in: 91 });
    expect(other).toMatchObject({ expires_in: 120 });
    expect((await verify(other)).payload.jti).not.toBe((await verify(later)).payload.jti);
  });

  it('says one and the same end three times: expires_in, expires_at and exp', async () => {
    await start({ ACCESS_TOKEN_TTL_SECONDS: '120' });
    gateway.clock.advance(1_234);
    const body = (await askForToken(gateway)).json<Granted>();
    const { payload } = await verify(body);
    const remainingMs = Date.parse(body.expires_at) - gateway.clock.nowMs();
    expect(body.expires_in).toBe(120);
    expect(new Date(body.expires_at).toISOString()).toBe(body.expires_at);
    expect(Date.parse(body.expires_at)).toBe((payload.exp ?? 0) * 1000);
    // Whole seconds: they may differ by less than one.
    expect(Math.abs(remainingMs - body.expires_in * 1000)).toBeLessThan(1000);
  });

  it('is for the configured audience', async () => {
    await start({ ACCESS_TOKEN_AUDIENCE: 'urn:example:gateway' });
    const body = (await askForToken(gateway)).json<Granted>();
    expect((await verify(body, 'urn:example:gateway')).payload.aud).toBe('urn:example:gateway');
    await expect(verify(body, PUBLIC_URL)).rejects.toThrow('"aud"');
  });

  it('is not stored', async () => {
    await start();
    const { access_token: accessToken } = (await askForToken(gateway)).json<Granted>();
    const entities = gateway.dataSource.entityMetadatas;
    const rows = await Promise.all(
      entities.map(({ tableName }) => gateway.query<object>(`select * from ${tableName}`)),
    );
    const stored = JSON.stringify(rows);
    expect(stored).toContain(D1_CLIENT);
    for (const part of accessToken.split('.')) expect(stored).not.toContain(part);
  });
});
