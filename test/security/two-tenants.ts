import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { send, type Answer, type Call } from '../support/http.js';
import type { Receiver } from '../support/receiver.js';
import { basic, notifyPath, TestGateway } from '../support/test-gateway.js';

/** What belongs to the first tenant. None of these texts may be in any answer to the second one. */
export const FIRST = {
  merchantGatewayId: 'MGW_alpha1',
  gatewayName: 'Alpha PSP',
  merchantId: 'alpha-shop1',
  merchantName: 'Alpha shop',
  tokenId: 'alpha-token-1',
  unknownTokenId: 'alpha-token-2',
  destination: 'alpha-destination',
  clientId: 'alpha-client',
  correlationId: 'alpha-call',
} as const;

export const D1 = 'alpha-d1';
export const ADMIN = 'admin';
/** Both of the second tenant, and of no other. */
export const SNOOP = 'snoop';
export const SNOOP_READER = 'snoop-reader';
export const SNOOP_D1 = 'snoop-d1';

const CLIENT_SECRET = 'given-to-every-client-here';
const SECOND_GATEWAY = 'MGW_bravo1';
/** The documents are off in production; here it is asserted that they are what is walked. */
const PRODUCTION = {
  NODE_ENV: 'production',
  DOCS: 'open',
  PUBLIC_URL: 'http://gateway.example',
  MASTER_KEY: 'A'.repeat(43),
};

/** Of the first tenant: what is not to change by what the second one calls. */
const TABLES = [
  'merchant_gateways',
  'merchants',
  'tokens',
  'destinations',
  'clients',
  'client_merchant_gateways',
  'notifications',
  'deliveries',
  'failed_notifications',
  'signing_keys',
  'revoked_access_tokens',
  'audit_entries',
];

/** A gateway that two tenants share; the first one has something of every kind. */
export class TwoTenants {
  private readonly accessTokens = new Map<string, Promise<string>>();

  private constructor(
    readonly gateway: TestGateway,
    /** What stands in a path or a query in place of each parameter's name. */
    readonly ids: {
      readonly deliveryId: string;
      readonly failedId: string;
      readonly secretId: string;
      readonly destinationId: string;
      /** Of the first tenant's client. */
      readonly accessToken: string;
    },
  ) {}

  static async start(receiver: Receiver): Promise<TwoTenants> {
    // In production a secret is given, not made.
    const folder = await mkdtemp(join(tmpdir(), 'two-tenants-'));
    const secretFile = join(folder, 'secret');
    await writeFile(secretFile, CLIENT_SECRET);
    const gateway = await TestGateway.start({
      provision: provision(receiver.url, secretFile),
      env: { ...PRODUCTION, WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8' },
    });
    await rm(folder, { recursive: true });
    const headers = {
      authorization: `Bearer ${await accessTokenOf(gateway, D1)}`,
      'x-correlation-id': FIRST.correlationId,
    };
    const { merchantGatewayId, merchantId, tokenId, unknownTokenId } = FIRST;
    const notify = (id: string): Promise<Answer> =>
      send(gateway.url, notifyPath(merchantGatewayId, merchantId, id), { headers });
    expect((await notify(tokenId)).status).toBe(204);
    expect((await notify(unknownTokenId)).status).toBe(404);
    const [delivery] = await vi.waitFor(async () => {
      const rows = await gateway.query<{ id: string }>(`select id from deliveries where state = 'delivered'`);
      expect(rows).toHaveLength(1);
      return rows;
    });
    const failedId = await keepFailed(gateway);
    const [secret] = await gateway.query<{ id: string }>(
      `select id from client_secrets where client_id = '${FIRST.clientId}'`,
    );
    const [destination] = await gateway.query<{ id: string }>(
      `select id from destinations where name = '${FIRST.destination}'`,
    );
    return new TwoTenants(gateway, {
      deliveryId: delivery?.id ?? '',
      failedId,
      secretId: secret?.id ?? '',
      destinationId: destination?.id ?? '',
      accessToken: await accessTokenOf(gateway, FIRST.clientId),
    });
  }

  async call(method: string, path: string, clientId: string | undefined, call: Call = {}): Promise<Answer> {
    const authorization = clientId === undefined ? {} : { authorization: `Bearer ${await this.accessToken(clientId)}` };
    return send(this.gateway.url, path, { ...call, method, headers: { ...authorization, ...call.headers } });
  }

  /** With the client's id and secret, for what asks for no access token. */
  async callWithSecret(path: string, clientId: string, call: Call): Promise<Answer> {
    const authorization = basic(clientId, CLIENT_SECRET);
    return send(this.gateway.url, path, { ...call, headers: { authorization, ...call.headers } });
  }

  /** Everything that the second tenant must not change. */
  async state(): Promise<unknown> {
    const tables = await Promise.all(
      TABLES.map((table) => this.gateway.query<{ id?: string }>(`select * from ${table} order by 1, 2`)),
    );
    return JSON.parse(JSON.stringify(tables));
  }

  close(): Promise<void> {
    return this.gateway.close();
  }

  private accessToken(clientId: string): Promise<string> {
    const accessToken = this.accessTokens.get(clientId) ?? accessTokenOf(this.gateway, clientId);
    this.accessTokens.set(clientId, accessToken);
    return accessToken;
  }
}

async function accessTokenOf(gateway: TestGateway, clientId: string): Promise<string> {
  const answer = await send(gateway.url, '/oauth2/token', {
    headers: {
      authorization: basic(clientId, CLIENT_SECRET),
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: 'grant_type=client_credentials',
  });
  return answer.json<{ access_token: string }>().access_token;
}

/** Such a call needs a database that refuses a row and takes the next; the row is what counts here. */
async function keepFailed(gateway: TestGateway): Promise<string> {
  const id = randomUUID();
  const { merchantGatewayId, merchantId, tokenId, correlationId } = FIRST;
  await gateway.query(`
    insert into failed_notifications
      (id, merchant_gateway_id, merchant_id, token_id, correlation_id, client_id, payload, received_at_ms, cause)
    values ('${id}', '${merchantGatewayId}', '${merchantId}', '${tokenId}', '${correlationId}', '${D1}', null, 1, 'x')`);
  return id;
}

function provision(url: string, secretFile: string): object {
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  const { merchantGatewayId, gatewayName, merchantId, merchantName, tokenId, destination, clientId } = FIRST;
  const destinations = [{ name: destination, kind: 'webhook', url, secret }];
  const merchants = [{ id: merchantId, name: merchantName, tokens: [tokenId], destinations }];
  const client = (id: string, scope: string, ...merchantGateways: string[]): object => ({
    clientId: id,
    scopes: [scope],
    merchantGateways,
    clientSecret: { file: secretFile },
  });
  return {
    merchantGateways: [
      { id: merchantGatewayId, name: gatewayName, merchants },
      {
        id: SECOND_GATEWAY,
        name: 'Bravo PSP',
        merchants: [{ id: 'bravo-shop1', name: 'Bravo shop', tokens: ['b-1'] }],
      },
    ],
    clients: [
      client(D1, 'd1:notify', merchantGatewayId),
      client(clientId, 'gateway:operate', merchantGatewayId),
      client(ADMIN, 'gateway:operate', '*'),
      client(SNOOP, 'gateway:operate', SECOND_GATEWAY),
      client(SNOOP_READER, 'gateway:read', SECOND_GATEWAY),
      client(SNOOP_D1, 'd1:notify', SECOND_GATEWAY),
    ],
  };
}
