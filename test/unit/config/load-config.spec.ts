import 'reflect-metadata';
import { describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { Environment } from '../../../src/config/environment.js';
import { ConfigurationError, loadConfig } from '../../../src/config/load-config.js';

describe('configuration', () => {
  it('needs nothing to be set', () => {
    const config = loadConfig({});

    expect(config.server).toMatchObject({ host: '0.0.0.0', port: 3000, publicUrl: 'http://localhost:3000' });
    expect(config.database.engine).toBe('sqlite');
    expect(config.auth).toMatchObject({
      d1Authentication: 'oauth',
      accessTokenTtlSeconds: 900,
      audience: 'http://localhost:3000',
    });
  });

  it('is frozen through and through', () => {
    const config = loadConfig({}) as unknown as { server: { port: number } };

    expect(() => (config.server.port = 1)).toThrow(TypeError);
  });

  it('takes an empty variable for one that is not set', () => {
    expect(loadConfig({ PORT: '', DATABASE_URL: '' })).toEqual(loadConfig({}));
  });

  it('uses PostgreSQL when DATABASE_URL says so', () => {
    const { database } = loadConfig({ DATABASE_URL: 'postgres://localhost/gateway' });

    expect(database).toEqual({
      engine: 'postgres',
      url: 'postgres://localhost/gateway',
      poolSize: 10,
      statementTimeoutMs: 10_000,
      connectTimeoutMs: 5000,
      unsafeDurabilityAccepted: false,
    });
  });

  it.each([
    ['postgres://h/d', {}, undefined],
    ['postgres://h/d?sslmode=disable', {}, undefined],
    ['postgres://h/d?sslmode=require', {}, { mode: 'require' }],
    ['postgres://h/d', { DATABASE_SSL_CA_FILE: 'ca.pem' }, { mode: 'verify-full', caFile: 'ca.pem' }],
    ['postgres://h/d?sslmode=verify-ca', { DATABASE_SSL_CA_FILE: 'ca.pem' }, { mode: 'verify-ca', caFile: 'ca.pem' }],
    ['postgres://h/d?sslmode=verify-full', {}, { mode: 'verify-full' }],
  ])('speaks TLS to the database as libpq would: %s %j', (DATABASE_URL, files, tls) => {
    const { database } = loadConfig({ DATABASE_URL, ...files });

    expect(database).toMatchObject({ url: 'postgres://h/d' });
    expect('tls' in database ? database.tls : undefined).toEqual(tls);
  });

  it('makes no traces unless it is told where to', () => {
    const OTEL_EXPORTER_OTLP_ENDPOINT = 'https://traces.example.com/otlp/';
    const OTEL_EXPORTER_OTLP_HEADERS = 'authorization=Bearer%20top-secret, x-tenant=7';
    const { tracing } = loadConfig({ OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_HEADERS });

    expect(loadConfig({ OTEL_EXPORTER_OTLP_HEADERS }).tracing).toBeUndefined();
    expect({ ...tracing }).toEqual({
      tracesUrl: 'https://traces.example.com/otlp/v1/traces',
      headers: { authorization: 'Bearer top-secret', 'x-tenant': '7' },
      sampleRatio: 1,
      serviceName: 'd1-merchant-gateway',
    });
    expect(inspect(tracing) + JSON.stringify(tracing)).not.toContain('top-secret');
  });

  it.each([
    [{ OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=7,top-secret' }, 'OTEL_EXPORTER_OTLP_HEADERS: entry 2 must be name=value'],
    [{ OTEL_TRACES_SAMPLER_ARG: '1.5' }, 'OTEL_TRACES_SAMPLER_ARG must not be greater than 1'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'traces.example.com' }, 'OTEL_EXPORTER_OTLP_ENDPOINT must be a URL address'],
  ])('refuses %j', (env, problem) => {
    expect(() => loadConfig(env)).toThrow(problem);
    expect(() => loadConfig(env)).not.toThrow('top-secret');
  });

  it('drops a trailing slash of PUBLIC_URL, which would stand twice in every URL told', () => {
    expect(loadConfig({ PUBLIC_URL: 'https://gateway.example.com/' }).server.publicUrl).toBe(
      'https://gateway.example.com',
    );
  });

  const secret = 'hunter2-do-not-print';
  it.each([
    ['PORT', { PORT: secret }],
    ['PORT', { PORT: '65536' }],
    ['PORT', { PORT: '30.5' }],
    ['DATABASE_URL', { DATABASE_URL: `mysql://u:${secret}@host/db` }],
    ['DATABASE_URL', { DATABASE_URL: `postgres://u:${secret}@h/d?sslmode=prefer` }],
    ['DATABASE_SSL_CA_FILE', { DATABASE_URL: `postgres://u:${secret}@h/d?sslrootcert=x` }],
    ['DATABASE_SSL_KEY_FILE', { DATABASE_URL: 'postgres://h/d', DATABASE_SSL_CERT_FILE: secret }],
    ['DATABASE_UNSAFE_DURABILITY', { DATABASE_UNSAFE_DURABILITY: secret }],
    ['ROLES', { ROLES: secret, DATABASE_URL: 'postgres://h/d' }],
    ['ROLES', { ROLES: 'intake' }],
    ['MASTER_KEY', { MASTER_KEY: secret }],
    ['D1_AUTHENTICATION', { D1_AUTHENTICATION: secret }],
    ['CORRELATION_ID', { CORRELATION_ID: secret }],
    ['LOG_LEVEL', { LOG_LEVEL: secret }],
    ['TOKEN_PATH', { TOKEN_PATH: secret }],
    ['PUBLIC_URL', { PUBLIC_URL: secret }],
    ['ACCESS_TOKEN_TTL_SECONDS', { ACCESS_TOKEN_TTL_SECONDS: '0' }],
    ['TLS_KEY_FILE', { TLS_CERT_FILE: secret }],
    ['TLS_CLIENT_CA_FILE', { D1_AUTHENTICATION: 'oauth+mtls' }],
    ['MASTER_KEY', { NODE_ENV: 'production', PUBLIC_URL: 'https://g.example', DATABASE_URL: 'postgres://h/d' }],
    ['PUBLIC_URL', { NODE_ENV: 'production' }],
  ])('names %s when it is at fault, and never its value', (name, variables) => {
    const load = (): unknown => loadConfig(variables);

    expect(load).toThrow(ConfigurationError);
    expect(load).toThrow(name);
    expect(load).not.toThrow(secret);
  });

  it('names every variable at fault at once', () => {
    expect(() => loadConfig({ PORT: 'x', LOG_LEVEL: 'y' })).toThrow(/PORT.*LOG_LEVEL/);
  });
});

describe('docs/configuration.md', () => {
  const documented = new Map(
    [...readFileSync('docs/configuration.md', 'utf8').matchAll(/^\| `([A-Z0-9_]+)` \| ([^|]*) \|/gm)].map(
      ([, name = '', fallback = '']) => [name, fallback.trim()],
    ),
  );

  it('has a row for every setting, and for no other', () => {
    expect([...documented.keys()].toSorted()).toEqual(Object.keys(new Environment()).toSorted());
  });

  it.each(Object.entries(new Environment()).filter(([, value]) => value !== undefined))(
    'tells the default of %s',
    (name, value) => {
      expect(documented.get(name)).toBe(`\`${String(value)}\``);
    },
  );
});
