import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { answerTo, type Answer, type Behaviour } from './behaviour.js';
import { Inbox } from './inbox.js';
import { readWebhook } from './read-webhook.js';
import type { ReceivedWebhook, RefusedRequest } from './received.js';
import { Refusal } from './refusal.js';
import { generateSigningSecret } from './signing-secret.js';

/** Where a merchant listens, and what it does with webhooks. */
export interface SampleMerchantOptions {
  /** Default: 0, which is any that is free. */
  readonly port?: number;
  /** Address to listen on. Default: `127.0.0.1`. */
  readonly host?: string;
  /** What webhooks are signed with: `whsec_…`. Default: a new one. */
  readonly secret?: string;
  /** Default: `ok`. */
  readonly behaviour?: Behaviour;
}

/** Each is emitted before the request is answered. */
export interface SampleMerchantEvents {
  webhook: [ReceivedWebhook];
  refused: [RefusedRequest];
}

/**
 * A merchant's end of webhooks, for trying out and for tests: a real HTTP server that verifies signatures, keeps what it
 * gets, in memory and without bound, and answers as it is told.
 *
 * @example
 * const merchant = await SampleMerchant.start({ behaviour: { kind: 'fail' } });
 * // merchant.url and merchant.secret are what a destination needs
 * const [webhook] = await once(merchant, 'webhook');
 * merchant.behaviour = { kind: 'ok' };
 * await merchant.stop();
 */
export class SampleMerchant extends EventEmitter<SampleMerchantEvents> {
  private readonly inbox = new Inbox();
  private readonly verifier: Webhook;
  private current: Behaviour;
  private turn = 0;

  private constructor(
    private readonly server: Server,
    /** What webhooks have to be signed with. */
    readonly secret: string,
    behaviour: Behaviour,
  ) {
    super();
    this.verifier = new Webhook(secret);
    this.current = behaviour;
  }

  /**
   * Resolves when it listens.
   *
   * @throws Error of the network, such as `EADDRINUSE`
   */
  static async start(options: SampleMerchantOptions = {}): Promise<SampleMerchant> {
    const { port = 0, host = '127.0.0.1', secret = generateSigningSecret(), behaviour = { kind: 'ok' } } = options;
    const server = createServer();
    const merchant = new SampleMerchant(server, secret, behaviour);
    server.on('request', (request, response) => void merchant.take(request, response));
    server.listen(port, host);
    await once(server, 'listening');
    return merchant;
  }

  /** Where webhooks go. It listens for them on every path. */
  get url(): string {
    const { address, family, port } = this.server.address() as AddressInfo;
    return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}/webhooks`;
  }

  /** Webhooks with a good signature, in the order of their arrival. */
  get received(): readonly ReceivedWebhook[] {
    return this.inbox.received;
  }

  get behaviour(): Behaviour {
    return this.current;
  }

  /** From the next webhook on, which is the first that `every` counts. */
  set behaviour(behaviour: Behaviour) {
    this.current = behaviour;
    this.turn = 0;
  }

  /** Closes its connections, also those with a webhook that waits for its answer. */
  async stop(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const read = await readWebhook(request, this.verifier).catch((error: unknown) => {
      if (error instanceof Refusal) return error;
      if (request.errored) return undefined;
      throw error;
    });
    // The sender hung up in the middle.
    if (read === undefined) return;
    if (read instanceof Refusal) return this.refuse(read, response);
    this.turn += 1;
    const answer = answerTo(this.turn, this.current);
    this.emit('webhook', this.inbox.add({ ...read, atMs: Date.now(), answer: answer.status }));
    send(answer, response);
  }

  private refuse({ answer, message: reason }: Refusal, response: ServerResponse): void {
    this.emit('refused', { atMs: Date.now(), answer, reason });
    // What is left of the body is not read.
    response.writeHead(answer, { connection: 'close', ...(answer === 405 && { allow: 'POST' }) }).end();
  }
}

function send({ status, headers, delayMs = 0 }: Answer, response: ServerResponse): void {
  if (status === undefined) return;
  const end = (): void => void response.writeHead(status, headers).end();
  if (delayMs === 0) return end();
  const timer = setTimeout(end, delayMs);
  response.once('close', () => clearTimeout(timer));
}
