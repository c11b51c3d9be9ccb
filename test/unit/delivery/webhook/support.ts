import type { TokenUpdatedEvent } from '@gateway/merchant-kit';
import type { LookupAddress } from 'node:dns';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import { isIP, type AddressInfo, type Server } from 'node:net';
import { onTestFinished } from 'vitest';
import { loadConfig } from '../../../../src/config/load-config.js';
import type {
  DestinationTarget,
  TryContext,
  TryResult,
} from '../../../../src/delivery/destinations/destination-sender.js';
import type { OutgoingEvent } from '../../../../src/delivery/destinations/outgoing-event.js';
import { AddressPolicy } from '../../../../src/delivery/destinations/webhook/address-policy.js';
import { HostResolver } from '../../../../src/delivery/destinations/webhook/host-resolver.js';
import { WebhookAgent } from '../../../../src/delivery/destinations/webhook/webhook-agent.js';
import { generateWebhookSecret } from '../../../../src/registry/webhook-secret.js';
import { WebhookSender } from '../../../../src/delivery/destinations/webhook/webhook-sender.js';
import { TestClock } from '../../../support/test-clock.js';

export const EVENT: TokenUpdatedEvent = {
  type: 'token.updated',
  timestamp: '2026-11-20T10:00:00.000Z',
  data: {
    notificationId: '0199a1c0-0000-7000-8000-000000000001',
    merchantGatewayId: 'MGW_000001',
    merchantId: '10610027312',
    tokenId: '01fb32ff-5ed0-497f-8835-6af0916f29c0',
    sequence: 7,
    correlationId: 'c-1',
    receivedAt: '2026-11-20T10:00:00.000Z',
    payload: { note: 'süß \ud83d\ude00', amounts: [1.5, null] },
  },
};

const { payload, ...dataWithoutPayload } = EVENT.data;

/** The same, as a sender gets it. */
export const OUTGOING: OutgoingEvent = {
  event: { ...EVENT, data: dataWithoutPayload },
  payloadJson: JSON.stringify(payload),
};

export interface ReceivedRequest {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A webhook receiver on a real socket. */
export interface Receiver {
  readonly origin: string;
  readonly port: number;
  readonly requests: ReceivedRequest[];
  /** Accepted so far. */
  connections(): number;
}

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

export async function startReceiver(
  answer: Answer = (response) => void response.end('ok'),
  { host = '127.0.0.1', port = 0, tls }: { host?: string; port?: number; tls?: ServerOptions } = {},
): Promise<Receiver> {
  const requests: ReceivedRequest[] = [];
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method, url: path, headers } = request;
      requests.push({ method, path, headers, body: Buffer.concat(chunks).toString() });
      answer(response, request);
    });
  };
  const server = tls ? createTlsServer(tls, handle) : createServer(handle);
  let connections = 0;
  server.on('connection', () => (connections += 1));
  onTestFinished(() => server.closeAllConnections());
  const boundPort = await listen(server, host, port);
  return {
    origin: `${tls ? 'https' : 'http'}://${host}:${boundPort}`,
    port: boundPort,
    requests,
    connections: () => connections,
  };
}

/** Listens until the test is over. */
export async function listen(server: Server, host = '127.0.0.1', port = 0): Promise<number> {
  server.listen(port, host);
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** Knows the hosts it is given; of several answers for one, each is given once and the last for ever. */
export class KnownHosts extends HostResolver {
  readonly asked: string[] = [];

  constructor(private readonly answers: Readonly<Record<string, (readonly string[])[]>>) {
    super();
  }

  protected override async lookup(hostname: string): Promise<LookupAddress[]> {
    this.asked.push(hostname);
    const answers = this.answers[hostname];
    const addresses = answers && answers.length > 1 ? answers.shift() : answers?.[0];
    if (!addresses) throw Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
    return addresses.map((address) => ({ address, family: isIP(address) }));
  }
}

export interface SenderOptions {
  /** WEBHOOK_ALLOWED_NETWORKS; the receivers' network where it is left out. */
  readonly allowedNetworks?: string;
  readonly timeoutMs?: number;
  readonly resolver?: HostResolver;
  readonly policy?: AddressPolicy;
  readonly ca?: Buffer;
  readonly clock?: TestClock;
}

export function makeSender({
  allowedNetworks = '127.0.0.0/8',
  timeoutMs = 5000,
  resolver = new KnownHosts({}),
  policy,
  ca,
  clock = new TestClock(),
}: SenderOptions = {}): WebhookSender {
  const config = loadConfig({ WEBHOOK_TIMEOUT_MS: String(timeoutMs), WEBHOOK_ALLOWED_NETWORKS: allowedNetworks });
  const agent = new WebhookAgent({
    policy: policy ?? new AddressPolicy(config.delivery.webhookAllowedNetworks),
    resolver,
    timeoutMs: config.delivery.webhookTimeoutMs,
    connectionsPerOrigin: config.delivery.concurrency,
    ...(ca && { ca }),
  });
  onTestFinished(() => agent.destroy());
  return new WebhookSender(config, agent, clock);
}

export const SECRET = generateWebhookSecret();

export function targetAt(url: string | null, secrets: readonly string[] = [SECRET]): DestinationTarget {
  return { id: 'dst-1', merchantId: '10610027312', name: 'main', kind: 'webhook', url, secrets, handler: null };
}

export function contextOf(signal: AbortSignal = new AbortController().signal): TryContext {
  return { deliveryId: '0199a1c0-0000-7000-8000-0000000000ff', attempt: 1, signal };
}

export function sendTo(sender: WebhookSender, url: string | null): Promise<TryResult> {
  return sender.send(targetAt(url), OUTGOING, contextOf());
}
