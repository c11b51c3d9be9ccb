import { Global, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { FallbackErrorFilter } from './filters/fallback-error.filter.js';
import { CertificateExpiry } from './tls/certificate-expiry.js';
import { Handshakes } from './tls/handshakes.js';
import { TlsStore } from './tls/tls-store.js';

@Global()
@Module({
  providers: [CertificateExpiry, Handshakes, TlsStore, { provide: APP_FILTER, useClass: FallbackErrorFilter }],
  exports: [CertificateExpiry, Handshakes, TlsStore],
})
export class HttpModule {}
