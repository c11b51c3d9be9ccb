import { Injectable } from '@nestjs/common';
import { CertificateExpiry } from '../../http/tls/certificate-expiry.js';
import { MetricsRegistry } from './metrics-registry.js';

/** When certificates run out, and lists of revoked ones: of the files in use, also after they were loaded anew. */
@Injectable()
export class CertificateMetrics {
  constructor(
    registry: MetricsRegistry,
    private readonly expiry: CertificateExpiry,
  ) {
    registry.collectGauge({
      name: 'certificate_not_after_seconds',
      help: 'When a certificate, or a list of revoked ones, runs out, in seconds since the epoch',
      labelNames: ['certificate', 'subject'],
      series: () => this.all(),
    });
  }

  /** Of two with one subject, as while a CA is replaced, the one that ends first comes last, and so is the one that is told. */
  private *all() {
    for (const { setting, subject, notAfterMs } of this.expiry.all().toSorted((a, b) => b.notAfterMs - a.notAfterMs)) {
      yield { labels: { certificate: setting, subject }, value: notAfterMs / 1000 };
    }
  }
}
