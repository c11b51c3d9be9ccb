import { conceal } from '../privacy/conceal.js';
import type { Environment } from './environment.js';
import type { TracingConfig } from './gateway-config.js';

/** A header of `OTEL_EXPORTER_OTLP_HEADERS`: its value percent-encoded, as OpenTelemetry has it. */
const HEADER = /^([\w!#$%&'*+.^`|~-]+)=([!-+\--~]*)$/;

export function tracingFaults({ OTEL_EXPORTER_OTLP_HEADERS: text = '' }: Environment): string[] {
  const places = entriesOf(text).flatMap((entry, index) => (headerOf(entry) ? [] : [index + 1]));
  // By its place: its text is a secret.
  return places.length === 0
    ? []
    : [`OTEL_EXPORTER_OTLP_HEADERS: entry ${places.join(', ')} must be name=value, percent-encoded`];
}

/** Undefined where there are to be no traces. */
export function tracingConfig(env: Environment): TracingConfig | undefined {
  if (!env.OTEL_EXPORTER_OTLP_ENDPOINT) return undefined;
  const headers = entriesOf(env.OTEL_EXPORTER_OTLP_HEADERS ?? '').flatMap((entry) => headerOf(entry) ?? []);
  return conceal(
    {
      // The endpoint is that of all signals; each has a path below it.
      tracesUrl: `${env.OTEL_EXPORTER_OTLP_ENDPOINT.replace(/\/+$/, '')}/v1/traces`,
      headers: Object.fromEntries(headers),
      sampleRatio: env.OTEL_TRACES_SAMPLER_ARG,
      serviceName: env.OTEL_SERVICE_NAME,
    },
    'headers',
  );
}

function entriesOf(text: string): string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean);
}

function headerOf(entry: string): [[name: string, value: string]] | undefined {
  const [, name = '', value = ''] = HEADER.exec(entry) ?? [];
  try {
    return name === '' ? undefined : [[name, decodeURIComponent(value)]];
  } catch {
    return undefined;
  }
}
