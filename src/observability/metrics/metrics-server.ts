import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GatewayConfig } from '../../config/gateway-config.js';
import { describeCause } from '../../http/log-error.js';
import { MetricsRegistry } from './metrics-registry.js';

/** `/metrics` on a port of its own, for a network that only the monitoring reaches: it asks nobody who they are. */
@Injectable()
export class MetricsServer implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(MetricsServer.name);
  private server: Server | undefined;

  constructor(
    private readonly config: GatewayConfig,
    private readonly registry: MetricsRegistry,
  ) {}

  /** Undefined where metrics have no port of their own. */
  get port(): number | undefined {
    return (this.server?.address() as AddressInfo | null | undefined)?.port;
  }

  async onApplicationBootstrap(): Promise<void> {
    const { metrics } = this.config;
    if (!metrics) return;
    this.server = createServer((request, response) => void this.answer(request, response));
    this.server.listen(metrics.port, metrics.host);
    await once(this.server, 'listening');
    this.logger.log({ msg: 'Metrics', host: metrics.host, port: this.port });
  }

  /** Last of all, so that it is seen how the gateway stops. */
  async onApplicationShutdown(): Promise<void> {
    if (!this.server) return;
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }

  private async answer({ method, url }: IncomingMessage, response: ServerResponse): Promise<void> {
    if (url?.split('?')[0] !== '/metrics') return void response.writeHead(404).end();
    if (method !== 'GET' && method !== 'HEAD') return void response.writeHead(405, { Allow: 'GET, HEAD' }).end();
    try {
      const text = await this.registry.metrics();
      response.writeHead(200, { 'Content-Type': this.registry.contentType }).end(text);
    } catch (error) {
      this.logger.error({ msg: 'Metrics were not collected', cause: describeCause(error) });
      response.writeHead(503).end();
    }
  }
}
