import type { FastifyRequest } from 'fastify';
import type { Caller } from '../access-tokens/caller.js';
import { Unauthorized } from '../auth-errors.js';
import type { ClientCertificates } from './client-certificates.js';

/**
 * An access token that is bound to a certificate is good with that certificate only (RFC 8705, section 3), or the one in its place.
 *
 * @throws Unauthorized where the request came with another one, or with none
 */
export function assertBinding({ boundTo }: Caller, request: FastifyRequest, certificates: ClientCertificates): void {
  if (boundTo === undefined) return;
  if (!certificates.shows(request, boundTo)) {
    throw new Unauthorized('invalid_token', { detail: 'It is bound to another certificate' });
  }
}
