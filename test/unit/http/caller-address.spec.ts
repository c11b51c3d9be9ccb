import Fastify from 'fastify';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { callerAddress } from '../../../src/http/caller-address.js';
import { tidyForwardedFor } from '../../../src/http/forwarded-for.js';

it.each([[[]], [['loopback']], [['127.0.0.1', '10.0.0.0/8']], [['192.0.2.1']]])(
  'is what the framework takes for it, with %j trusted',
  async (trustedProxies: string[]) => {
    const fastify = Fastify({ trustProxy: trustedProxies.length > 0 ? trustedProxies : false });
    const addressOf = callerAddress(trustedProxies);
    fastify.addHook('onRequest', ({ raw }, _reply, done) => {
      tidyForwardedFor(raw);
      done();
    });
    fastify.get('/', ({ ip, raw }) => [ip, addressOf(raw)]);
    const hop = fc.oneof(
      fc.ipV4(),
      fc.ipV6(),
      fc.constantFrom('127.0.0.1', '10.1.2.3', 'unknown', '', '192.0.2.7:4711'),
    );
    await fc.assert(
      fc.asyncProperty(fc.option(fc.array(hop), { nil: undefined }), async (hops) => {
        const headers = hops && { 'x-forwarded-for': hops.join(', ') };
        const [theirs, ours] = (await fastify.inject({ url: '/', ...(headers && { headers }) })).json<string[]>();
        expect(ours).toBe(theirs);
      }),
    );
  },
);
