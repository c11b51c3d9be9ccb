import { ACCESS_TOKEN_PATH, NOTIFY_UPDATE_PATH } from '@gateway/d1-contract';
import type { FastifyInstance } from 'fastify';
import { isContractPath, pathOf } from './contract-path.js';

/** On D1's two operations, too. */
export const SECURITY_HEADERS = { 'X-Content-Type-Options': 'nosniff' } as const;

/** For what a browser may show. Nothing here is made to be framed, to be read by another origin, or to load anything. */
const OF_PAGES = {
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Frame-Options': 'DENY',
} as const;

/** Swagger UI writes styles into its page and draws its icons from data URLs; its scripts are files. */
const CSP_OF_DOCS = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const DOCS = /^\/docs(\/|$)/;
const ONE_YEAR_SECONDS = 31_536_000;

/**
 * Headers for browsers, at the beginning of each answer, so that a route may put its own in their place. There is no CORS:
 * no other origin's scripts read an answer. D1's two operations get what cannot hurt, and nothing else.
 *
 * @param isHttps whether callers come by HTTPS, be it to a proxy
 */
export function addSecurityHeaders(fastify: FastifyInstance, isHttps: boolean): void {
  const always = isHttps
    ? { ...SECURITY_HEADERS, 'Strict-Transport-Security': `max-age=${ONE_YEAR_SECONDS}` }
    : SECURITY_HEADERS;
  const ofPages = { ...always, ...OF_PAGES };
  const ofDocs = { ...ofPages, 'Content-Security-Policy': CSP_OF_DOCS };
  fastify.addHook('onRequest', ({ routeOptions, url }, reply, done) => {
    const route = routeOptions.url;
    // Of another method there is no route.
    if (route === NOTIFY_UPDATE_PATH || route === ACCESS_TOKEN_PATH || isContractPath(pathOf(url)))
      void reply.headers(SECURITY_HEADERS);
    else void reply.headers(route !== undefined && DOCS.test(route) ? ofDocs : ofPages);
    done();
  });
}
