import { exportPKCS8, generateKeyPair, jwtVerify, type CryptoKey, type JWTPayload } from 'jose';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { DEFAULT_TOKEN_PATH, type D1ClientOptions } from '@gateway/d1-client';
import { makeCertificates, type Certificates, type ClientTls } from '../support/tls.js';
import { ManualClock } from './manual-clock.js';

export type Respond = (response: ServerResponse, request: IncomingMessage) => void;

/** D1's end: asks for client certificates, verifies assertions, and gives access tokens that it then insists on. */
export class FakeD1 {
  clock = new ManualClock();
  /** Claims of the assertions that were good. */
  assertions: JWTPayload[] = [];
  calls: { method: string; url: string; accessToken: string | undefined; body: string }[] = [];
  /** Answers, one after the other; the last one stays. */
  answers: Respond[] = [json(200, { state: 'ACTIVE' })];
  /** Answers to requests for access tokens before the good one. */
  tokenAnswers: Respond[] = [];
  ttlSeconds = 900;
  private accessToken = '';
  private files = 0;

  private constructor(
    private readonly server: Server,
    private readonly folder: string,
    private readonly certificates: Certificates,
    private readonly publicKey: CryptoKey,
  ) {}

  static async start(): Promise<FakeD1> {
    const certificates = makeCertificates();
    const folder = mkdtempSync(join(tmpdir(), 'gateway-d1-'));
    const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
    writeFileSync(join(folder, 'signing.pem'), await exportPKCS8(privateKey));
    const { TLS_CERT_FILE = '', TLS_KEY_FILE = '', TLS_CLIENT_CA_FILE = '' } = certificates.env;
    const server = createServer({
      cert: readFileSync(TLS_CERT_FILE),
      key: readFileSync(TLS_KEY_FILE),
      ca: readFileSync(TLS_CLIENT_CA_FILE),
      requestCert: true,
      rejectUnauthorized: true,
    });
    const d1 = new FakeD1(server, folder, certificates, publicKey);
    server.on('request', (request, response) => void d1.take(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return d1;
  }

  /** What a client needs to reach it. */
  options(more: Partial<D1ClientOptions> = {}): D1ClientOptions {
    return {
      baseUrl: `https://127.0.0.1:${(this.server.address() as AddressInfo).port}`,
      merchantGatewayId: 'MGW_000001',
      signingKeyFile: join(this.folder, 'signing.pem'),
      tls: this.tlsFiles('right'),
      clock: this.clock,
      ...more,
    };
  }

  /** As files, as a client wants them. */
  tlsFiles(who: 'right' | 'stranger' | 'selfSigned', ca: Buffer = this.certificates.none.ca): D1ClientOptions['tls'] {
    const { cert, key }: ClientTls = this.certificates[who];
    const file = (content: Buffer | undefined): string => {
      const path = join(this.folder, `${(this.files += 1)}.pem`);
      writeFileSync(path, content ?? '');
      return path;
    };
    return { certFile: file(cert), keyFile: file(key), caFile: file(ca) };
  }

  /** A certificate that has signed nothing here. */
  get otherCa(): Buffer {
    return this.certificates.selfSigned.cert ?? Buffer.alloc(0);
  }

  /** The access token that was given last is good no more. */
  revoke(): void {
    this.accessToken = 'revoked';
  }

  /** As it was at first: making certificates takes a second. */
  reset(): void {
    this.clock = new ManualClock();
    this.assertions = [];
    this.calls = [];
    this.answers = [json(200, { state: 'ACTIVE' })];
    this.tokenAnswers = [];
    this.ttlSeconds = 900;
    this.accessToken = '';
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
    this.certificates.remove();
    rmSync(this.folder, { recursive: true });
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    if (request.url === DEFAULT_TOKEN_PATH) return this.giveAccessToken(body, request, response);
    const accessToken = request.headers.authorization?.replace('Bearer ', '');
    this.calls.push({ method: request.method ?? '', url: request.url ?? '', accessToken, body });
    if (accessToken !== this.accessToken) return json(401, { error: 'invalid_token' })(response, request);
    const [respond] = this.answers.length > 1 ? this.answers.splice(0, 1) : this.answers;
    respond?.(response, request);
  }

  private async giveAccessToken(body: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [scripted] = this.tokenAnswers.splice(0, 1);
    if (scripted) return scripted(response, request);
    const { grant_type: grantType, assertion } = JSON.parse(body) as { grant_type: string; assertion: string };
    const options = { algorithms: ['ES256'], issuer: 'MGW_000001', currentDate: new Date(this.clock.nowMs()) };
    const verified = await jwtVerify(assertion, this.publicKey, options).catch(() => undefined);
    const { exp = Infinity } = verified?.payload ?? {};
    const isTooLong = exp - this.clock.nowMs() / 1000 > 900;
    if (!verified || isTooLong || grantType !== 'urn:ietf:params:oauth:grant-type:jwt-bearer') {
      return json(400, { error: 'invalid_grant' })(response, request);
    }
    this.assertions.push(verified.payload);
    this.accessToken = `access-token-${this.assertions.length}`;
    json(200, { access_token: this.accessToken, token_type: 'Bearer', expires_in: this.ttlSeconds })(response, request);
  }
}

export function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Respond {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  };
}

/** The connection is lost half way. */
export const lost: Respond = (_, request) => request.socket.destroy();
