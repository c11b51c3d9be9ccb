import fc from 'fast-check';
import { createHmac, createPublicKey, generateKeyPairSync, randomBytes, verify } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { generateWebhookSecret, parseWebhookSecret } from '../../../../src/registry/webhook-secret.js';
import { webhookSignature } from '../../../../src/delivery/destinations/webhook/webhook-signature.js';

const content = { id: 'msg_1', timestampSeconds: 1_674_087_231, body: '{"note":"süß"}' };

function keyPair(): { seed: Buffer; publicBytes: Buffer; verifies: (signature: string, text: string) => boolean } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    seed: privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-32),
    publicBytes: publicKey.export({ format: 'der', type: 'spki' }).subarray(-32),
    verifies: (signature, text) => verify(null, Buffer.from(text), publicKey, Buffer.from(signature, 'base64')),
  };
}

describe('a webhook signature', () => {
  it('is the example of the specification', () => {
    const signature = webhookSignature(
      { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestampSeconds: 1_614_265_330, body: '{"test": 2432232314}' },
      ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
    );

    expect(signature).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });

  it('is HMAC-SHA256 over id, timestamp and body, with the bytes of the key', () => {
    const key = randomBytes(24);
    const text = `${content.id}.${content.timestampSeconds}.${content.body}`;

    expect(webhookSignature(content, [`whsec_${key.toString('base64')}`])).toBe(
      `v1,${createHmac('sha256', key).update(text).digest('base64')}`,
    );
  });

  it('is accepted by the official verifier whatever the body', () => {
    const secret = generateWebhookSecret();
    fc.assert(
      fc.property(fc.json(), fc.uuid(), (body, id) => {
        const timestampSeconds = Math.floor(Date.now() / 1000);
        const headers = {
          'webhook-id': id,
          'webhook-timestamp': String(timestampSeconds),
          'webhook-signature': webhookSignature({ id, timestampSeconds, body }, [secret]),
        };
        expect(() => new Webhook(secret).verify(body, headers)).not.toThrow();
      }),
    );
  });

  it.each(['seed', 'seed and public key'])('is Ed25519 with a private key given as %s', (form) => {
    const { seed, publicBytes, verifies } = keyPair();
    const key = form === 'seed' ? seed : Buffer.concat([seed, publicBytes]);
    const [version, signature = ''] = webhookSignature(content, [`whsk_${key.toString('base64')}`]).split(',');

    expect(version).toBe('v1a');
    expect(verifies(signature, `${content.id}.${content.timestampSeconds}.${content.body}`)).toBe(true);
    expect(verifies(signature, `${content.id}.${content.timestampSeconds}.`)).toBe(false);
  });

  it('stands once for each secret, in their order, divided by spaces', () => {
    const { seed } = keyPair();
    const secrets = [generateWebhookSecret(), `whsk_${seed.toString('base64')}`, generateWebhookSecret()];

    expect(webhookSignature(content, secrets)).toBe(
      secrets.map((secret) => webhookSignature(content, [secret])).join(' '),
    );
    expect(webhookSignature(content, secrets)).toMatch(/^v1,[^ ,]{44} v1a,[^ ,]{88} v1,[^ ,]{44}$/);
  });

  it('is not made without a secret, or with one that cannot be read', () => {
    expect(() => webhookSignature(content, [])).toThrow('no signing secret');
    expect(() => webhookSignature(content, [generateWebhookSecret(), 'whsec_hunter2'])).toThrow(
      /^(?!.*hunter2).*malformed/,
    );
  });
});

describe('a webhook secret', () => {
  const encoded = (prefix: string, bytes: number): string => prefix + Buffer.alloc(bytes, 7).toString('base64');

  it.each([24, 25, 26, 32, 63, 64])('may be a shared key of %d bytes', (bytes) => {
    expect(parseWebhookSecret(encoded('whsec_', bytes))).toEqual({ scheme: 'v1', key: Buffer.alloc(bytes, 7) });
  });

  it('may be a private key', () => {
    const secret = parseWebhookSecret(encoded('whsk_', 32));

    expect(secret?.scheme === 'v1a' && createPublicKey(secret.privateKey).asymmetricKeyType).toBe('ed25519');
  });

  it.each([
    ['empty', ''],
    ['without a prefix', encoded('', 32)],
    ['with the prefix of a public key', encoded('whpk_', 32)],
    ['with another prefix', encoded('WHSEC_', 32)],
    ['a shared key without bytes', 'whsec_'],
    ['a shared key of 23 bytes', encoded('whsec_', 23)],
    ['a shared key of 65 bytes', encoded('whsec_', 65)],
    ['a private key of 31 bytes', encoded('whsk_', 31)],
    ['a private key of 48 bytes', encoded('whsk_', 48)],
    ['a private key with the public key of another', encoded('whsk_', 64)],
    ['without its padding', encoded('whsec_', 32).replace('=', '')],
    ['in base64url', `whsec_${Buffer.alloc(33, 0xff).toString('base64url')}`],
    ['with a line break', `${encoded('whsec_', 33)}\n`],
    ['with a space', `whsec_ ${encoded('', 33)}`],
    ['with stray last bits', encoded('whsec_', 32).replace(/.=$/, '/=')],
    ['with what is not base64', `whsec_${'ä'.repeat(44)}`],
  ])('is refused: %s', (_, text) => {
    expect(parseWebhookSecret(text)).toBeUndefined();
  });

  it('is generated with 32 random bytes', () => {
    const secrets = Array.from({ length: 100 }, generateWebhookSecret);

    expect(new Set(secrets).size).toBe(100);
    for (const secret of secrets)
      expect(parseWebhookSecret(secret)).toMatchObject({ scheme: 'v1', key: { length: 32 } });
  });
});
