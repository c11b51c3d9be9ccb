import { Agent } from 'undici';
import { webhookConnector, type WebhookConnectorOptions } from './webhook-connector.js';

export interface WebhookConnectionsOptions extends WebhookConnectorOptions {
  /** As many as there are tries at a time: one receiver must not queue for connections behind its host's others. */
  readonly connectionsPerOrigin: number;
}

const MAX_HEADER_BYTES = 16_384;
/** How long an idle connection is kept, where the receiver does not tell, and at most. */
const KEEP_ALIVE_MS = 4000;
const MAX_KEEP_ALIVE_MS = 60_000;

/** The connections to webhook receivers: kept alive, one request at a time on each. Follows no redirect, knows no proxy. */
export class WebhookConnections extends Agent {
  constructor({ connectionsPerOrigin, ...connector }: WebhookConnectionsOptions) {
    super({
      connect: webhookConnector(connector),
      connections: connectionsPerOrigin,
      pipelining: 1,
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: MAX_KEEP_ALIVE_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
      // The sender's deadline covers both.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }
}
