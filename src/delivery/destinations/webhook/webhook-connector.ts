import { isIP } from 'node:net';
import { buildConnector } from 'undici';
import type { AddressPolicy, WebhookProtocol } from './address-policy.js';
import { RefusedAddress, checkedLookup } from './checked-lookup.js';
import type { HostResolver } from './host-resolver.js';
import { WebhookFailure } from './webhook-failure.js';

export interface WebhookConnectorOptions {
  readonly policy: AddressPolicy;
  readonly resolver: HostResolver;
  readonly timeoutMs: number;
  /** Trusted instead of the certificate authorities that node knows. */
  readonly ca?: Buffer;
}

/** Node gives an address so long before it goes on to the next, and does not come back: its 250 ms are too few. */
const ATTEMPT_TIMEOUT_MS = 1000;

/** Opens connections to addresses that the policy permits, and to no other. */
export function webhookConnector(options: WebhookConnectorOptions): buildConnector.connector {
  const { policy } = options;
  const connectors = { 'https:': connectorFor('https:', options), 'http:': connectorFor('http:', options) };
  return (target, callback) => {
    const protocol = target.protocol === 'https:' ? 'https:' : 'http:';
    // An address is not looked up. The URL parser has put 0x7f.1, 2130706433 and their like into plain notation.
    if (isIP(target.hostname) !== 0 && !policy.permits(target.hostname, protocol)) {
      queueMicrotask(() => callback(new RefusedAddress(target.hostname), null));
      return;
    }
    connectors[protocol](target, (...[error, socket]) => {
      if (error) {
        callback(error, null);
        return;
      }
      // No request has been sent. Where it cannot be told whom the socket is connected to, it has been closed already.
      const { remoteAddress } = socket;
      if (remoteAddress !== undefined && policy.permits(remoteAddress, protocol)) {
        callback(null, socket);
        return;
      }
      socket.destroy();
      callback(
        remoteAddress === undefined
          ? new WebhookFailure('connection closed by the receiver')
          : new RefusedAddress(remoteAddress),
        null,
      );
    });
  };
}

function connectorFor(protocol: WebhookProtocol, options: WebhookConnectorOptions): buildConnector.connector {
  const { policy, resolver, timeoutMs, ca } = options;
  return buildConnector({
    lookup: checkedLookup(resolver, (address) => policy.permits(address, protocol)),
    timeout: timeoutMs,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: ATTEMPT_TIMEOUT_MS,
    allowH2: false,
    // Both said here, the environment cannot weaken them (NODE_TLS_REJECT_UNAUTHORIZED, --tls-min-v1.0).
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
    ...(ca && { ca }),
  });
}
