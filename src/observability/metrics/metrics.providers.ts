import type { Provider } from '@nestjs/common';
import { BacklogMetrics } from './backlog-metrics.js';
import { BacklogRepository } from './backlog.repository.js';
import { CertificateMetrics } from './certificate-metrics.js';
import { DeliveryMetrics } from './delivery-metrics.js';
import { DestinationMetrics } from './destination-metrics.js';
import { HandlerMetrics } from './handler-metrics.js';
import { HttpMetrics } from './http-metrics.js';
import { IntakeMetrics } from './intake-metrics.js';
import { MetricsRegistry } from './metrics-registry.js';
import { MetricsServer } from './metrics-server.js';
import { ProcessMetrics } from './process-metrics.js';
import { TeamMetrics } from './team-metrics.js';

export const metricsProviders: readonly Provider[] = [
  BacklogMetrics,
  BacklogRepository,
  CertificateMetrics,
  DeliveryMetrics,
  DestinationMetrics,
  HandlerMetrics,
  HttpMetrics,
  IntakeMetrics,
  MetricsRegistry,
  MetricsServer,
  ProcessMetrics,
  TeamMetrics,
];
