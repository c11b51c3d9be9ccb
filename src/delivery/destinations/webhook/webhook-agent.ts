import type { Dispatcher } from 'undici';
import type { WebhookConnections, WebhookConnectionsOptions } from './webhook-connections.js';

/** Sends requests to webhook receivers. The client behind it is a hundred files: they are loaded with the first, not at the start. */
export class WebhookAgent {
  private connections: Promise<WebhookConnections> | undefined;

  constructor(private readonly options: WebhookConnectionsOptions) {}

  async request(options: Dispatcher.RequestOptions): Promise<Dispatcher.ResponseData> {
    this.connections ??= connect(this.options);
    return (await this.connections).request(options);
  }

  async destroy(): Promise<void> {
    await (await this.connections)?.destroy();
  }
}

async function connect(options: WebhookConnectionsOptions): Promise<WebhookConnections> {
  const { WebhookConnections: Connections } = await import('./webhook-connections.js');
  return new Connections(options);
}
