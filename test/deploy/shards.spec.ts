import 'reflect-metadata';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { send } from '../support/http.js';
import { TestGateway } from '../support/test-gateway.js';

const SECRET = 'one-secret-on-all-shards';

/** What docs/scaling.md says of gateways side by side, each with a database and merchants of its own. */
it('an access token of one shard is good on another that has its key, its address and its clients', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-shards-'));
  const signingKeyFile = join(folder, 'signing.pem');
  const passphraseFile = join(folder, 'passphrase');
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const encryption = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'a passphrase' } as const;
  writeFileSync(signingKeyFile, privateKey.export(encryption));
  writeFileSync(passphraseFile, 'a passphrase');
  const env = {
    NODE_ENV: 'production',
    PUBLIC_URL: 'https://gateway.example',
    SIGNING_KEY_FILE: signingKeyFile,
    SIGNING_KEY_PASSPHRASE_FILE: passphraseFile,
  };
  const merchantOfOne = await TestGateway.start({ env, provision: provision('MGW_000001') });
  const merchantOfTwo = await TestGateway.start({ env, provision: provision('MGW_000002') });
  try {
    const headers = { authorization: `Bearer ${await accessToken(merchantOfOne.url)}` };

    expect((await send(merchantOfOne.url, path('MGW_000001'), { headers })).status).toBe(204);
    expect((await send(merchantOfTwo.url, path('MGW_000002'), { headers })).status).toBe(204);
    expect((await send(merchantOfTwo.url, path('MGW_000001'), { headers })).status).toBe(404);
  } finally {
    await merchantOfOne.close();
    await merchantOfTwo.close();
    rmSync(folder, { recursive: true });
  }
});

function provision(merchantGatewayWithMerchants: string): object {
  const ids = ['MGW_000001', 'MGW_000002'];
  const merchants = [{ id: '10610027312', name: 'Shop', tokens: ['token-1'] }];
  return {
    merchantGateways: ids.map((id) => ({
      id,
      name: id,
      merchants: id === merchantGatewayWithMerchants ? merchants : [],
    })),
    clients: [{ clientId: 'd1', clientSecret: SECRET, scopes: ['d1:notify'], merchantGateways: ids }],
  };
}

async function accessToken(url: string): Promise<string> {
  const answer = await send(url, '/oauth2/token', {
    headers: {
      authorization: `Basic ${Buffer.from(`d1:${SECRET}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: 'grant_type=client_credentials',
  });
  return answer.json<{ access_token: string }>().access_token;
}

function path(merchantGatewayId: string): string {
  return `/merchant-gateways/${merchantGatewayId}/merchants/10610027312/tokens/token-1/notify-update`;
}
