import { Injectable } from '@nestjs/common';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { collectDefaultMetrics } from 'prom-client';
import { GatewayConfig } from '../../config/gateway-config.js';
import { MetricsRegistry } from './metrics-registry.js';

/** The process: event loop, memory, CPU, garbage collection; and what it runs. */
@Injectable()
export class ProcessMetrics {
  constructor(registry: MetricsRegistry, { database }: GatewayConfig) {
    collectDefaultMetrics({ register: registry });
    const labels = { version: packageVersion(), node: process.version, engine: database.engine };
    registry.collectGauge({
      name: 'build_info',
      help: 'Always 1; the labels say what runs',
      labelNames: Object.keys(labels),
      series: () => [{ labels, value: 1 }],
    });
  }
}

/** Of the nearest package.json: how far up it is differs between the sources and what is built of them. */
function packageVersion(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'package.json')) && folder !== dirname(folder)) folder = dirname(folder);
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  return version;
}
