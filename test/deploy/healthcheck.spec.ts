import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { freePort } from '../support/free-port.js';
import { TestGateway } from '../support/test-gateway.js';
import { makeCertificates } from '../support/tls.js';

it('is well where the gateway is ready, and not where nothing listens', async () => {
  const gateway = await TestGateway.start();
  const port = new URL(gateway.url).port;
  try {
    expect(await check({ HOST: '127.0.0.1', PORT: port })).toBe(0);
    expect(await check({ HOST: '0.0.0.0', PORT: port })).toBe(0);
    expect(await check({ HOST: '', PORT: port })).toBe(0);
    expect(await check({ HOST: '127.0.0.1', PORT: String(await freePort()) })).toBe(1);
  } finally {
    await gateway.close();
  }
  expect(await check({ PORT: port })).toBe(1);
});

it('is not well where the database has gone', async () => {
  const gateway = await TestGateway.start();
  const { port } = new URL(gateway.url);
  try {
    expect(await check({ PORT: port })).toBe(0);
    await gateway.dataSource.destroy();
    expect(await check({ PORT: port })).toBe(1);
  } finally {
    await gateway.close();
  }
});

it('is well over TLS, whatever name the certificate has, and without a client certificate', async () => {
  const certificates = makeCertificates();
  const gateway = await TestGateway.start({ env: { ...certificates.env, D1_AUTHENTICATION: 'mtls' } });
  const { port } = new URL(gateway.url);
  try {
    expect(await check({ ...certificates.env, PORT: port })).toBe(0);
    expect(await check({ PORT: port })).toBe(1);
  } finally {
    await gateway.close();
    certificates.remove();
  }
});

async function check(env: Readonly<Record<string, string>>): Promise<unknown> {
  const child = spawn(process.execPath, ['deploy/healthcheck.mjs'], { env, stdio: 'ignore' });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code;
}
