import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createHash } from 'node:crypto';
import { consoleAssets, consolePage, type Asset } from './assets.js';

const PAGE_TYPE = 'text/html; charset=utf-8';

/** Nothing but what this gateway serves, nothing inline, nobody's frame. */
const HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; form-action 'self'; base-uri 'none'",
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Cache-Control': 'no-cache',
} as const;

/** The console at `/console`: a page that looks, through the API and with its credentials. It is read into memory once. */
export function serveConsole(fastify: FastifyInstance, tokenPath: string): void {
  const page = answerWith({ type: PAGE_TYPE, content: consolePage(tokenPath) });
  fastify.get('/console', page);
  for (const [name, asset] of consoleAssets()) fastify.get(`/console/${name}`, answerWith(asset));
}

function answerWith({ type, content }: Asset): (request: FastifyRequest, reply: FastifyReply) => void {
  const etag = `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`;
  return ({ headers }, reply) => {
    void reply.headers({ ...HEADERS, ETag: etag });
    if (headers['if-none-match'] === etag) void reply.status(304).send();
    else void reply.type(type).send(content);
  };
}
