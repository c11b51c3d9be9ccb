import { Injectable } from '@nestjs/common';
import { HandlerWatch, type HandlerNotes } from '../../delivery/destinations/handler/handler-watch.js';
import { MetricsRegistry } from './metrics-registry.js';

const PROBLEMS: Readonly<Record<string, keyof HandlerNotes>> = {
  blocked: 'blocked',
  timed_out: 'timedOut',
  stray_error: 'stray',
};

/** How teams' handlers behave, each by its name. */
@Injectable()
export class HandlerMetrics {
  constructor(registry: MetricsRegistry, watch: HandlerWatch) {
    registry.collectCounter({
      name: 'handler_problems_total',
      help: 'What handlers did to the gateway, by handler and problem',
      labelNames: ['handler', 'problem'],
      series: () =>
        [...watch.read()].flatMap(([handler, notes]) =>
          Object.entries(PROBLEMS).map(([problem, key]) => ({ labels: { handler, problem }, value: notes[key] })),
        ),
    });
    registry.collectGauge({
      name: 'handler_abandoned_calls',
      help: 'Calls of handlers that were given up at their deadline and have not ended',
      labelNames: ['handler'],
      series: () => [...watch.read()].map(([handler, { abandoned }]) => ({ labels: { handler }, value: abandoned })),
    });
  }
}
