import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { GatewayAuthentications } from '../gateway-authentications.js';
import type { BoundCertificate } from './bound-certificate.js';
import { ClientCertificates } from './client-certificates.js';

/** Says which certificate an access token is to be bound to (RFC 8705, section 3). */
@Injectable()
export class CertificateBinding {
  constructor(
    private readonly certificates: ClientCertificates,
    private readonly authentications: GatewayAuthentications,
  ) {}

  /** @returns the certificate that the request came with, where it is good and bindings are asked for */
  of(request: FastifyRequest): BoundCertificate | undefined {
    if (!this.authentications.bindsAccessTokens) return undefined;
    const judged = this.certificates.judge(request);
    if (judged.fault !== undefined) return undefined;
    const { thumbprint, subject } = judged;
    return { thumbprint, ...(subject !== undefined && { subject }) };
  }
}
