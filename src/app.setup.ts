import { ACCESS_TOKEN_PATH } from '@gateway/d1-contract';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { AppModule } from './app.module.js';
import type { GatewayConfig } from './config/gateway-config.js';
import { serveDocs } from './docs/openapi.js';
import { createHttpAdapter } from './http/http-adapter.js';
import { pathOf } from './http/contract-path.js';
import { Draining } from './observability/health/draining.js';
import { PinoLoggerService } from './observability/pino-logger.service.js';
import { logRequests } from './observability/request-log.js';

/** A gateway, ready to listen. */
export async function createGateway(config: GatewayConfig): Promise<NestFastifyApplication> {
  const logger = new PinoLoggerService(config);
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.forRoot(config), createHttpAdapter(config), {
    bodyParser: false,
    abortOnError: false,
    logger,
  });
  return configureApp(app, config, logger);
}

/** What surrounds the modules; the same for `main.ts` and for every test. */
export function configureApp(
  app: NestFastifyApplication,
  config: GatewayConfig,
  logger: PinoLoggerService,
): NestFastifyApplication {
  const fastify = app.getHttpAdapter().getInstance();
  const draining = app.get(Draining);
  fastify.addHook('onRequest', (request, reply, done) => {
    // RFC 6749, section 5.1, on every answer of the token endpoint.
    if (isAccessTokenPath(request)) void reply.headers({ 'Cache-Control': 'no-store', Pragma: 'no-cache' });
    if (draining.isOn) void reply.header('Connection', 'close');
    done();
  });
  logRequests(fastify, logger.pino);
  serveDocs(app, config.auth.tokenPath);
  app.enableShutdownHooks(undefined, { useProcessExit: true });
  return app;
}

/** By its route where it has one: a path may be written in several ways. */
function isAccessTokenPath({ routeOptions, url }: FastifyRequest): boolean {
  return (routeOptions.url ?? pathOf(url)) === ACCESS_TOKEN_PATH;
}
