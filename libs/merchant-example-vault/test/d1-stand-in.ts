import { DEFAULT_TOKEN_PATH } from '@gateway/d1-client';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const CERTIFICATE = '-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -out cert.pem -subj /CN=d1';

/** D1's side as far as the vault knows it: access tokens and "get token", over mutual TLS with one certificate for both ends. */
export class D1StandIn {
  readonly asked: string[] = [];
  /** By token; a token that is not here is active. */
  readonly answers = new Map<string, { readonly status: number; readonly body?: unknown } | 'none'>();
  accessTokenStatus = 200;

  private constructor(
    private readonly server: Server,
    private readonly folder: string,
  ) {}

  static async start(): Promise<D1StandIn> {
    const folder = mkdtempSync(join(tmpdir(), 'example-vault-d1-'));
    const args = ['req', '-x509', ...CERTIFICATE.split(' '), '-addext', 'subjectAltName=IP:127.0.0.1'];
    execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
    const cert = readFileSync(join(folder, 'cert.pem'));
    const key = readFileSync(join(folder, 'key.pem'));
    const server = createServer({ cert, key, ca: cert, requestCert: true, rejectUnauthorized: true });
    const standIn = new D1StandIn(server, folder);
    server.on('request', (request, response) => standIn.answer(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return standIn;
  }

  /** Settings that make the vault ask here. */
  get env(): Readonly<Record<string, string>> {
    const file = (name: string): string => join(this.folder, name);
    return {
      TEAM_EXAMPLE_VAULT_D1_URL: `https://127.0.0.1:${(this.server.address() as AddressInfo).port}`,
      TEAM_EXAMPLE_VAULT_D1_MERCHANT_GATEWAY_ID: 'MGW_000001',
      TEAM_EXAMPLE_VAULT_D1_SIGNING_KEY_FILE: file('key.pem'),
      TEAM_EXAMPLE_VAULT_D1_CERT_FILE: file('cert.pem'),
      TEAM_EXAMPLE_VAULT_D1_KEY_FILE: file('key.pem'),
      TEAM_EXAMPLE_VAULT_D1_CA_FILE: file('cert.pem'),
    };
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
    rmSync(this.folder, { recursive: true });
  }

  private answer({ url = '', headers }: IncomingMessage, response: ServerResponse): void {
    const reply = (status: number, body: unknown = {}): void =>
      void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (url === DEFAULT_TOKEN_PATH) return reply(this.accessTokenStatus, { access_token: 'of-d1', expires_in: 900 });
    if (headers.authorization !== 'Bearer of-d1') return reply(401);
    this.asked.push(url);
    const answer = this.answers.get(url.split('/').at(-1) ?? '') ?? { status: 200, body: { state: 'ACTIVE' } };
    if (answer !== 'none') reply(answer.status, answer.body);
  }
}
