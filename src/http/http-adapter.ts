import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyServerOptions } from 'fastify';
import type { GatewayConfig } from '../config/gateway-config.js';
import { ConfigurationError } from '../config/load-config.js';
import { correlationIdFor } from './correlation-id.js';
import { Exchanges } from './exchanges.js';
import { tidyForwardedFor } from './forwarded-for.js';
import { hasBadHead, ignoreExpectations } from './node-server.js';
import { discardBody } from './request-body.js';
import { routableUrl } from './routable-url.js';
import { answerSocketError } from './socket-errors.js';
import { readTlsMaterial, type TlsMaterial } from './tls/tls-material.js';
import { compilersWhenNeeded } from './schema-compilers.js';
import { closeUnread } from './unread-answers.js';

/** Longer than any URL that node's header limit lets through: an over-long id is for the pattern to refuse, as 400. */
const MAX_PARAM_LENGTH = 64 * 1024;

/** Fastify, told to leave every decision that D1's contract makes to the application. */
export function createHttpAdapter({ server, auth }: GatewayConfig): FastifyAdapter {
  const answerMalformed = answerSocketError(server.retryAfterSeconds, () => exchanges);
  const adapter = new FastifyAdapter({
    http: serverOptions(server),
    ...(server.tls && { https: { ...serverOptions(server), ...tlsOptions(server) } }),
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    rewriteUrl: (request) => routableUrl(request.url ?? '/', auth.tokenPath),
    genReqId: correlationIdFor,
    requestIdHeader: false,
    trustProxy: server.trustedProxies.length > 0 ? [...server.trustedProxies] : false,
    requestTimeout: server.requestTimeoutMs,
    keepAliveTimeout: server.keepAliveTimeoutMs,
    // Longer than a request may take to arrive: that is not for `closeUnread` to judge.
    connectionTimeout: 2 * server.requestTimeoutMs,
    clientErrorHandler: answerMalformed,
    forceCloseConnections: 'idle',
    // Requests that arrive while the server drains are still served; the connection closes after them.
    return503OnClosing: false,
    skipMiddie: true,
    schemaController: { compilersFactory: compilersWhenNeeded },
    logger: false,
  } as FastifyServerOptions);
  const fastify = adapter.getInstance();
  const exchanges = new Exchanges(fastify.server);
  ignoreExpectations(fastify.server);
  closeUnread(fastify.server, exchanges);
  // Bodies are read where they are wanted (request-body.ts), not before the guards.
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', (_request, _payload, done) => done(null));
  fastify.addHook('onRequest', (request, reply, done) => {
    if (hasBadHead(request.raw)) {
      reply.hijack();
      answerMalformed(new Error('A bad head'), request.raw.socket, request.raw);
      return;
    }
    // A content type that is no media type is one that is not read, not a 415.
    const contentType = request.headers['content-type'];
    if (contentType !== undefined && !MEDIA_TYPE.test(contentType)) delete request.headers['content-type'];
    tidyForwardedFor(request.raw);
    void reply.header('x-correlation-id', request.id);
    done();
  });
  fastify.addHook('onSend', (request, reply, _payload, done) => {
    if (!discardBody(request.raw)) void reply.header('Connection', 'close');
    done();
  });
  return adapter;
}

/** RFC 9110, section 8.3.1, as far as the framework needs it to let the request pass. */
const MEDIA_TYPE = /^[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+\s*(;.*)?$/;

function serverOptions({ requestTimeoutMs }: GatewayConfig['server']): object {
  return {
    // See `hasBadHead`.
    requireHostHeader: false,
    // Here, too: set later, as the framework does, it would hold for the headers alone, and for the body one minute.
    requestTimeout: requestTimeoutMs,
    // How often node looks for requests that have not arrived in time.
    connectionsCheckingInterval: 1000,
  };
}

function tlsOptions(server: GatewayConfig['server']): object {
  return {
    ...startingMaterial(server).context,
    // Before the handshake there is no request whose time is bounded.
    handshakeTimeout: server.requestTimeoutMs,
    // A caller without the right certificate is answered 401 by the guard, which D1 and logs can read; a failed
    // handshake says nothing.
    ...(server.clientCertificates.caFile && { requestCert: true, rejectUnauthorized: false }),
  };
}

function startingMaterial(server: GatewayConfig['server']): TlsMaterial {
  try {
    return readTlsMaterial(server);
  } catch (error) {
    throw new ConfigurationError((error as Error).message);
  }
}
