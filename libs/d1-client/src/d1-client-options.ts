import type { D1ClientClock } from './clock.js';
import type { RetryPolicy } from './retry-decision.js';

/** What the gateway shows to D1, and whom it trusts: paths of PEM files, read when the client is made. */
export interface ClientTlsFiles {
  /** Client certificate with its chain. */
  readonly certFile: string;
  /** The certificate's private key. */
  readonly keyFile: string;
  /** CA bundle to trust. Default: the one of Node. */
  readonly caFile?: string;
}

/** How to reach D1, and who calls. Thales agrees the values with each tenant at onboarding. */
export interface D1ClientOptions {
  /** `https://api.d1.thalescloud.io`, or that of the staging environment. A path in it is kept as a prefix. */
  readonly baseUrl: string;
  /** `iss` of the assertions: `MGW_…`, given by Thales. */
  readonly merchantGatewayId: string;
  /** PEM file (PKCS #8) with the private key on P-256 that signs the assertions; D1 has its public half. */
  readonly signingKeyFile: string;
  /** `kid` of the assertions. Default: none. */
  readonly signingKeyId?: string;
  readonly tls: ClientTlsFiles;
  /** Path of the token URL under the base URL. Default: `/authz/v1/oauth2/token`. */
  readonly tokenPath?: string;
  /** How long an assertion is good for, in seconds: 1 to 900 (D1 takes no more). Default: 300. */
  readonly assertionTtlSeconds?: number;
  /** Claims of the assertions besides `iss`, `iat` and `exp`, where a tenant needs them. Default: none. */
  readonly assertionClaims?: Readonly<Record<string, unknown>>;
  /** Of a single try, from connecting to the end of its answer, in milliseconds. Default: 5000. */
  readonly timeoutMs?: number;
  /** Largest answer that is read, in bytes. Default: 1 MiB. */
  readonly maxResponseBytes?: number;
  /** Connections at most, and so calls at a time; others wait. Default: 8. */
  readonly connections?: number;
  /** What differs from {@link DEFAULT_RETRY_POLICY}. */
  readonly retry?: Partial<RetryPolicy>;
  /** Default: the machine's. */
  readonly clock?: D1ClientClock;
}

/** The token URL's path that Thales documents. */
export const DEFAULT_TOKEN_PATH = '/authz/v1/oauth2/token';

const MAX_ASSERTION_TTL_SECONDS = 900;

/**
 * @throws TypeError or RangeError that names the first option at fault
 */
export function checkOptions({ baseUrl, assertionTtlSeconds = 300, timeoutMs = 5000 }: D1ClientOptions): void {
  if (new URL(baseUrl).protocol !== 'https:') throw new TypeError('baseUrl must be https: D1 asks for mutual TLS');
  if (!(assertionTtlSeconds >= 1 && assertionTtlSeconds <= MAX_ASSERTION_TTL_SECONDS)) {
    throw new RangeError(`assertionTtlSeconds must be 1 to ${MAX_ASSERTION_TTL_SECONDS}`);
  }
  if (!(timeoutMs > 0)) throw new RangeError('timeoutMs must be more than 0');
}
