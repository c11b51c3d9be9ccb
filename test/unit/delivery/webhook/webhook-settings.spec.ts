import 'reflect-metadata';
import { describe, expect, it } from 'vitest';
import { ConfigurationError, loadConfig } from '../../../../src/config/load-config.js';

describe('WEBHOOK_ALLOWED_NETWORKS', () => {
  it('opens nothing by default', () => {
    expect(loadConfig({}).delivery).toMatchObject({ webhookTimeoutMs: 10_000, webhookAllowedNetworks: [] });
  });

  it('is a comma-separated list of networks', () => {
    const { delivery } = loadConfig({ WEBHOOK_ALLOWED_NETWORKS: '10.0.0.0/8, 127.0.0.1/32,fd00::/8,::1/128,' });

    expect(delivery.webhookAllowedNetworks).toEqual(['10.0.0.0/8', '127.0.0.1/32', 'fd00::/8', '::1/128']);
  });

  it.each([
    '10.0.0.1',
    '10.0.0.0/33',
    '10.0.0.5/8',
    '10.0/16',
    '010.0.0.0/8',
    '0x0a000000/8',
    'fd00::',
    'fd00::1/8',
    'fd00::/129',
    'fe80::%eth0/10',
    '::ffff:10.0.0.0/104',
    'intern.example.com',
    '*',
  ])('does not take %s for a network, and names it by its place', (entry) => {
    const load = (): unknown => loadConfig({ WEBHOOK_ALLOWED_NETWORKS: `192.168.0.0/16,${entry}` });

    expect(load).toThrow(
      new ConfigurationError(
        'Configuration: WEBHOOK_ALLOWED_NETWORKS: entry 2 must be a network such as 10.0.0.0/8 or fd00::/8. See docs/configuration.md.',
      ),
    );
  });
});

describe('WEBHOOK_TIMEOUT_MS', () => {
  it.each(['99', '60001', '1.5', 'soon'])('is not %s', (value) => {
    expect(() => loadConfig({ WEBHOOK_TIMEOUT_MS: value })).toThrow('WEBHOOK_TIMEOUT_MS');
  });
});
