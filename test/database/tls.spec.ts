import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { send } from '../support/http.js';
import { findPostgres, startCluster, type PostgresCluster } from '../support/postgres-cluster.js';
import { notifyPath, TestGateway } from '../support/test-gateway.js';
import { makeCertificates, type Certificates } from '../support/tls.js';

const source = findPostgres();

// The server's certificate must be one that the test has made.
describe.runIf(inject('engine') === 'postgres' && source && 'binaries' in source)('TLS to PostgreSQL', () => {
  let certificates: Certificates;
  let cluster: PostgresCluster;
  let dataDir: string;

  beforeAll(async () => {
    certificates = makeCertificates();
    const { TLS_CERT_FILE: certFile = '', TLS_KEY_FILE: keyFile = '' } = certificates.env;
    const binaries = source && 'binaries' in source ? source.binaries : '';
    // A server without fsync is refused for that alone, once the connection stands.
    cluster = await startCluster(binaries, { tls: { certFile, keyFile }, settings: { fsync: 'off' } });
    dataDir = await mkdtemp(join(tmpdir(), 'gateway-data-'));
  });
  afterAll(async () => {
    await cluster.stop();
    certificates.remove();
    await rm(dataDir, { recursive: true });
  });

  function start(url: string, env: Readonly<Record<string, string>>): Promise<TestGateway> {
    const database = { dataDir, env: { DATA_DIR: dataDir, DATABASE_URL: url }, drop: async () => {} };
    return TestGateway.start({ database, env: { DATABASE_UNSAFE_DURABILITY: 'accepted', ...env } });
  }
  const ca = (): string => certificates.env.TLS_CLIENT_CA_FILE ?? '';
  const otherCa = (): string => ca().replace('ca.pem', 'other-ca.pem');
  const byName = (): string => cluster.url.replace('127.0.0.1', 'localhost');

  it('is used by every connection, and the server is checked', async () => {
    const gateway = await start(cluster.url, { DATABASE_SSL_CA_FILE: ca() });

    const answer = await send(gateway.url, notifyPath(), {
      headers: { authorization: `Bearer ${await gateway.accessToken()}` },
    });
    const connections = await gateway.query<{ ssl: boolean; version: string; name: string }>(
      `select s.ssl, s.version, a.application_name as name from pg_stat_ssl s join pg_stat_activity a using (pid)
       where a.datname = current_database()`,
    );
    await gateway.close();

    expect(answer.status).toBe(204);
    expect(new Set(connections.map(({ ssl, version }) => `${ssl} ${version}`))).toEqual(new Set(['true TLSv1.3']));
    expect(connections.map(({ name }) => name)).toContain('d1-merchant-gateway notices');
  });

  it('tells in the metrics when its certificates run out', async () => {
    const certFile = ca().replace('ca.pem', 'right.pem');
    const keyFile = certFile.replace('.pem', '.key');
    const env = { DATABASE_SSL_CA_FILE: ca(), DATABASE_SSL_CERT_FILE: certFile, DATABASE_SSL_KEY_FILE: keyFile };
    const gateway = await start(cluster.url, env);

    const { body } = await send(gateway.url, '/metrics', { method: 'GET' });
    await gateway.close();

    const seconds = (file: string): number => Date.parse(new X509Certificate(readFileSync(file)).validTo) / 1000;
    const line = (setting: string, subject: string, file: string): string =>
      `d1_gateway_certificate_not_after_seconds{certificate="${setting}",subject="${subject}"} ${seconds(file)}`;
    expect(body.split('\n').filter((text) => text.includes('_certificate_not_after_seconds{'))).toEqual([
      line('DATABASE_SSL_CA_FILE', 'CN=ca', ca()),
      line('DATABASE_SSL_CERT_FILE', 'CN=right', certFile),
    ]);
  });

  it('refuses a server whose certificate another CA has signed', async () => {
    await expect(start(cluster.url, { DATABASE_SSL_CA_FILE: otherCa() })).rejects.toThrow(
      /^TLS to PostgreSQL failed: /,
    );
  });

  it('refuses a server of another name, unless the name is not to be checked', async () => {
    await expect(start(byName(), { DATABASE_SSL_CA_FILE: ca() })).rejects.toThrow(
      /^TLS to PostgreSQL failed: .*ERR_TLS_CERT_ALTNAME_INVALID/,
    );

    const gateway = await start(`${byName()}?sslmode=verify-ca`, { DATABASE_SSL_CA_FILE: ca() });
    await gateway.close();
  });

  it('encrypts without checking where only that is asked for', async () => {
    const gateway = await start(`${byName()}?sslmode=require`, {});
    const [own] = await gateway.query('select ssl from pg_stat_ssl where pid = pg_backend_pid()');
    await gateway.close();

    expect(own).toEqual({ ssl: true });
  });

  it('does not make up for fsync', async () => {
    await expect(start(cluster.url, { DATABASE_SSL_CA_FILE: ca(), DATABASE_UNSAFE_DURABILITY: '' })).rejects.toThrow(
      /^PostgreSQL has fsync off/,
    );
  });

  it('refuses a server that speaks none', async () => {
    const inClear = inject('postgresUrl');

    await expect(start(`${inClear}?sslmode=require`, {})).rejects.toThrow('the server does not speak TLS');
  });
});
