import { ACCESS_TOKEN_PATH, INTROSPECTION_PATH, REVOCATION_PATH } from '@gateway/d1-contract';
import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { AppModule } from './app.module.js';
import { OperatorGate } from './auth/operator-gate.js';
import { KnownClientLane } from './auth/token-endpoint/known-client-lane.js';
import { serveInTurn } from './auth/token-endpoint/serve-in-turn.js';
import { serveKnownClients } from './auth/token-endpoint/serve-known-clients.js';
import { UnprovenTurns } from './auth/token-endpoint/unproven-turns.js';
import type { GatewayConfig } from './config/gateway-config.js';
import { serveConsole } from './console/serve-console.js';
import { serveDocs } from './docs/openapi.js';
import { protectDocs } from './docs/protect-docs.js';
import type { LaneSurroundings } from './http/before-framework.js';
import { callerAddress } from './http/caller-address.js';
import { ConnectionBurst } from './http/connection-burst.js';
import { createHttpAdapter } from './http/http-adapter.js';
import { pathOf } from './http/contract-path.js';
import { NO_STORE } from './http/no-store.js';
import { addSecurityHeaders, SECURITY_HEADERS } from './http/security-headers.js';
import { shedLoad } from './http/shed-load.js';
import { merchants } from './merchants.js';
import { Draining } from './observability/health/draining.js';
import { HttpMetrics } from './observability/metrics/http-metrics.js';
import { PinoLoggerService } from './observability/pino-logger.service.js';
import { logRequests } from './observability/request-log.js';
import { Tracing } from './observability/tracing/tracing.js';
import { FastLane } from './tokens/fast-lane/fast-lane.js';
import { serveFastLane } from './tokens/fast-lane/serve-fast-lane.js';
import { IntakeLoad } from './tokens/intake/intake-load.js';

/**
 * A gateway, ready to listen.
 *
 * @param teams the teams' modules that it runs
 */
export async function createGateway(
  config: GatewayConfig,
  teams: readonly Type[] = merchants,
): Promise<NestFastifyApplication> {
  const logger = new PinoLoggerService(config);
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.forRoot(config, teams),
    createHttpAdapter(config),
    {
      bodyParser: false,
      abortOnError: false,
      logger,
    },
  );
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
  const load = app.get(IntakeLoad);
  app.get<Tracing | undefined>(Tracing)?.traceRequests(fastify);
  fastify.addHook('onRequest', (request, reply, done) => {
    // RFC 6749, section 5.1, on every answer about access tokens.
    if (isOAuthPath(request)) void reply.headers(NO_STORE);
    if (draining.isOn) void reply.header('Connection', 'close');
    done();
  });
  addSecurityHeaders(fastify, config.server.publicUrl.startsWith('https:'));
  const { isOneTooMany, wasRefused } = shedLoad(fastify, config, () => load.isOver);
  const logRequest = logRequests(fastify, logger, wasRefused);
  const metrics = app.get(HttpMetrics);
  metrics.countRequests(fastify);
  const addressOf = callerAddress(config.server.trustedProxies);
  const surroundings: LaneSurroundings = {
    isClosedTo: (request) => draining.isOn || isOneTooMany(request),
    addressOf,
    headers: SECURITY_HEADERS,
    onAnswered: (answered) => {
      metrics.count(answered);
      logRequest(answered);
    },
  };
  // Whoever comes later here is asked earlier. Spans are of the framework's requests.
  if (!config.tracing) serveKnownClients(fastify.server, app.get(KnownClientLane), surroundings);
  serveInTurn(fastify.server, app.get(UnprovenTurns), { addressOf, isOneTooMany });
  if (!config.tracing) serveFastLane(fastify.server, app.get(FastLane), surroundings);
  app.get(ConnectionBurst).watch(fastify.server);
  if (config.pages.docs === 'protected') protectDocs(fastify, app.get(OperatorGate));
  if (config.pages.docs !== 'off') serveDocs(app, config.auth.tokenPath);
  if (config.pages.console) serveConsole(fastify, config.auth.tokenPath);
  app.enableShutdownHooks(undefined, { useProcessExit: true });
  return app;
}

/** By its route where it has one: a path may be written in several ways. */
function isOAuthPath({ routeOptions, url }: FastifyRequest): boolean {
  return OAUTH_PATHS.has(routeOptions.url ?? pathOf(url));
}

const OAUTH_PATHS = new Set([ACCESS_TOKEN_PATH, REVOCATION_PATH, INTROSPECTION_PATH]);
