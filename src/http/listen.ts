import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { GatewayConfig } from '../config/gateway-config.js';

/**
 * Listens. As many connections as may be open may also wait to be taken, as far as the system lets them (on Linux
 * `net.core.somaxconn`): of node's own 511 there are too few when callers come back all at once to a process at work, and
 * those beyond are not told 503 but dropped, or reset with what they have sent.
 */
export async function listen(app: NestFastifyApplication, { server }: GatewayConfig): Promise<void> {
  await app.listen({ port: server.port, host: server.host, backlog: server.maxConnections });
}
