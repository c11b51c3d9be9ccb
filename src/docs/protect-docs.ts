import type { FastifyInstance } from 'fastify';
import type { OperatorGate } from '../auth/operator-gate.js';
import { asDomainError } from '../errors/common-errors.js';
import { PROBLEM_MEDIA_TYPE, problemOf } from '../operations/http/problem.js';

/** Asks for an operator's id and secret before the documents are shown. To be called before they are served. */
export function protectDocs(fastify: FastifyInstance, gate: OperatorGate): void {
  fastify.addHook('onRequest', async ({ routeOptions, headers, ip }, reply) => {
    // By the route: a path may be written in several ways.
    if (!isDocs(routeOptions.url)) return;
    void reply.header('Cache-Control', 'no-store');
    try {
      await gate.admit(headers.authorization, ip);
    } catch (thrown) {
      const error = asDomainError(thrown);
      await reply.status(error.status).headers(error.headers).type(PROBLEM_MEDIA_TYPE).send(problemOf(error));
    }
  });
}

function isDocs(route: string | undefined): boolean {
  return route !== undefined && /^\/(docs|docs\/.*|openapi\.(json|yaml))$/.test(route);
}
