import proxyAddress from '@fastify/proxy-addr';
import type { IncomingMessage } from 'node:http';
import { tidyForwardedFor } from './forwarded-for.js';

/** The address of whoever sent a request, past the proxies that are trusted; the same as the framework's `request.ip`. */
export function callerAddress(trustedProxies: readonly string[]): (request: IncomingMessage) => string {
  if (trustedProxies.length === 0) return ({ socket }) => socket.remoteAddress ?? '';
  const isTrusted = proxyAddress.compile([...trustedProxies]);
  return (request) => {
    tidyForwardedFor(request);
    return proxyAddress(request, isTrusted);
  };
}
