import 'reflect-metadata';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { AddressPolicy } from '../../../../src/delivery/destinations/webhook/address-policy.js';
import { HostResolver } from '../../../../src/delivery/destinations/webhook/host-resolver.js';
import { KnownHosts, makeSender, sendTo, startReceiver } from './support.js';

const DELIVERED = { outcome: { kind: 'delivered' }, statusCode: 200 };

function refusedAddress(address: string): object {
  return {
    outcome: {
      kind: 'retry',
      reason: `webhooks may not go to the address ${address} (see WEBHOOK_ALLOWED_NETWORKS)`,
    },
  };
}

describe('an address in a URL is refused however it is written:', () => {
  const LOOPBACK = '127.0.0.1';
  const METADATA = '169.254.169.254';

  it.each([
    ['127.0.0.1', LOOPBACK],
    ['127.1', LOOPBACK],
    ['127.0.1', LOOPBACK],
    ['127.0.0.1.', LOOPBACK],
    ['2130706433', LOOPBACK],
    ['0x7f000001', LOOPBACK],
    ['0x7F.0.0.1', LOOPBACK],
    ['0x7f.0x0.0x0.0x1', LOOPBACK],
    ['0177.0.0.1', LOOPBACK],
    ['0177.0.0.01', LOOPBACK],
    ['00000177.1', LOOPBACK],
    ['017700000001', LOOPBACK],
    ['%31%32%37.0.0.1', LOOPBACK],
    ['①②⑦.⓪.⓪.①', LOOPBACK],
    ['１２７.０.０.１', LOOPBACK],
    ['127。0。0。1', LOOPBACK],
    ['0', '0.0.0.0'],
    ['0.0.0.0', '0.0.0.0'],
    ['0x0', '0.0.0.0'],
    ['[::1]', '::1'],
    ['[0:0:0:0:0:0:0:1]', '::1'],
    ['[0000::1]', '::1'],
    ['[::]', '::'],
    ['[::ffff:127.0.0.1]', '::ffff:7f00:1'],
    ['[::ffff:7f00:1]', '::ffff:7f00:1'],
    ['[0:0:0:0:0:ffff:127.0.0.1]', '::ffff:7f00:1'],
    ['[::127.0.0.1]', '::7f00:1'],
    ['[64:ff9b::7f00:1]', '64:ff9b::7f00:1'],
    ['[64:ff9b::127.0.0.1]', '64:ff9b::7f00:1'],
    ['[64:ff9b:1::7f00:1]', '64:ff9b:1::7f00:1'],
    ['[2002:7f00:1::]', '2002:7f00:1::'],
    ['[2001::80ff:fffe]', '2001::80ff:fffe'],
    ['[fd00:ec2::254]', 'fd00:ec2::254'],
    ['[fe80::1]', 'fe80::1'],
    ['[ff02::1]', 'ff02::1'],
    ['169.254.169.254', METADATA],
    ['2852039166', METADATA],
    ['0xA9FEA9FE', METADATA],
    ['0xa9.0xfe.0xa9.0xfe', METADATA],
    ['0251.0376.0251.0376', METADATA],
    ['169.254.43518', METADATA],
    ['[::ffff:a9fe:a9fe]', '::ffff:a9fe:a9fe'],
    ['[64:ff9b::a9fe:a9fe]', '64:ff9b::a9fe:a9fe'],
    ['100.100.100.200', '100.100.100.200'],
    ['10.0.0.1', '10.0.0.1'],
    ['192.168.0.1', '192.168.0.1'],
    ['172.16.0.1', '172.16.0.1'],
    ['100.64.0.1', '100.64.0.1'],
    ['224.0.0.1', '224.0.0.1'],
    ['255.255.255.255', '255.255.255.255'],
  ])('%s', async (host, address) => {
    const receiver = await startReceiver(undefined, { host: '0.0.0.0' });
    const resolver = new KnownHosts({});
    const sender = makeSender({ allowedNetworks: '', resolver });

    for (const protocol of ['https', 'http']) {
      expect(await sendTo(sender, `${protocol}://${host}:${receiver.port}/`)).toEqual(refusedAddress(address));
    }
    expect(resolver.asked).toEqual([]);
    expect(receiver.connections()).toBe(0);
  });
});

describe('a host name', () => {
  it.each([
    '127.0.0.1',
    '0.0.0.0',
    '10.0.0.1',
    '169.254.169.254',
    '::1',
    '::ffff:127.0.0.1',
    '64:ff9b::7f00:1',
    'fe80::1%eth0',
    'fd00:ec2::254',
  ])('that resolves to %s is refused', async (address) => {
    const receiver = await startReceiver(undefined, { host: '0.0.0.0' });
    const resolver = new KnownHosts({ 'receiver.test': [[address]] });

    const result = await sendTo(
      makeSender({ allowedNetworks: '', resolver }),
      `https://receiver.test:${receiver.port}/`,
    );

    expect(result).toEqual(refusedAddress(address));
    expect(receiver.connections()).toBe(0);
  });

  it('that resolves to public and private addresses is refused, whichever comes first', async () => {
    const receiver = await startReceiver();
    const resolver = new KnownHosts({
      'one.test': [['1.1.1.1', '127.0.0.1']],
      'other.test': [['127.0.0.1', '2606:4700:4700::1111']],
    });
    const sender = makeSender({ allowedNetworks: '', resolver });

    for (const host of ['one.test', 'other.test']) {
      expect(await sendTo(sender, `https://${host}:${receiver.port}/`)).toEqual(refusedAddress('127.0.0.1'));
    }
    expect(receiver.connections()).toBe(0);
  });

  it('such as localhost is refused by what the operating system makes of it', async () => {
    const receiver = await startReceiver();
    const sender = makeSender({ allowedNetworks: '', resolver: new HostResolver() });

    expect(await sendTo(sender, `https://localhost:${receiver.port}/`)).toMatchObject({
      outcome: { kind: 'retry', reason: expect.stringMatching(/may not go to the address (127\.0\.0\.1|::1) /) },
    });
    expect(receiver.connections()).toBe(0);
  });

  it('of which some addresses do not answer is reached at another', async () => {
    const receiver = await startReceiver();
    const resolver = new KnownHosts({ 'receiver.test': [['127.0.0.3', '127.0.0.2', '127.0.0.1']] });

    expect(await sendTo(makeSender({ resolver }), `http://receiver.test:${receiver.port}/`)).toEqual(DELIVERED);
    expect(receiver.requests[0]?.headers.host).toBe(`receiver.test:${receiver.port}`);
  });

  it('is resolved once for all that wait for it, and again for the next connection', async () => {
    const receiver = await startReceiver((response) => void response.setHeader('connection', 'close').end());
    const resolver = new KnownHosts({ 'receiver.test': [['127.0.0.1']] });
    const sender = makeSender({ resolver });
    const send = (): Promise<unknown> => sendTo(sender, `http://receiver.test:${receiver.port}/`);

    expect(await Promise.all([send(), send(), send()])).toEqual([DELIVERED, DELIVERED, DELIVERED]);
    expect(resolver.asked).toEqual(['receiver.test']);

    await send();
    expect(resolver.asked).toEqual(['receiver.test', 'receiver.test']);
  });
});

// 127.0.0.2 plays the public address: it is open, 127.0.0.1 is not.
describe('DNS rebinding', () => {
  const allowedNetworks = '127.0.0.2/32';

  it('between the check and the connection cannot happen: there is one question, and its answer is used', async () => {
    const outside = await startReceiver(undefined, { host: '127.0.0.2' });
    const inside = await startReceiver(undefined, { port: outside.port });
    const resolver = new KnownHosts({ 'receiver.test': [['127.0.0.2'], ['127.0.0.1']] });
    const sender = makeSender({ allowedNetworks, resolver });

    expect(await sendTo(sender, `http://receiver.test:${outside.port}/`)).toEqual(DELIVERED);
    expect(outside.requests).toHaveLength(1);
    expect(inside.connections()).toBe(0);
    expect(resolver.asked).toHaveLength(1);
  });

  it('between two connections is refused', async () => {
    const outside = await startReceiver((response) => void response.setHeader('connection', 'close').end(), {
      host: '127.0.0.2',
    });
    const inside = await startReceiver(undefined, { port: outside.port });
    const resolver = new KnownHosts({ 'receiver.test': [['127.0.0.2'], ['127.0.0.1']] });
    const sender = makeSender({ allowedNetworks, resolver });
    const url = `http://receiver.test:${outside.port}/`;

    expect(await sendTo(sender, url)).toEqual(DELIVERED);
    for (let count = 0; count < 3; count += 1) {
      expect(await sendTo(sender, url)).toEqual(refusedAddress('127.0.0.1'));
    }
    expect(inside.connections()).toBe(0);
  });

  it('does not move a connection that is open', async () => {
    const outside = await startReceiver(undefined, { host: '127.0.0.2' });
    const inside = await startReceiver(undefined, { port: outside.port });
    const resolver = new KnownHosts({ 'receiver.test': [['127.0.0.2'], ['127.0.0.1']] });
    const sender = makeSender({ allowedNetworks, resolver });

    for (let count = 0; count < 3; count += 1) {
      expect(await sendTo(sender, `http://receiver.test:${outside.port}/`)).toEqual(DELIVERED);
      // A connection that has just been used rests for a turn of the event loop.
      await setImmediate();
    }
    expect(outside.requests).toHaveLength(3);
    expect(outside.connections()).toBe(1);
    expect(inside.connections()).toBe(0);
  });

  it('mends: a refused host is asked for again', async () => {
    const outside = await startReceiver(undefined, { host: '127.0.0.2' });
    const resolver = new KnownHosts({ 'receiver.test': [['127.0.0.1'], ['127.0.0.2']] });
    const sender = makeSender({ allowedNetworks, resolver });
    const url = `http://receiver.test:${outside.port}/`;

    expect(await sendTo(sender, url)).toEqual(refusedAddress('127.0.0.1'));
    expect(await sendTo(sender, url)).toEqual(DELIVERED);
  });
});

describe('a connection', () => {
  it('to an address other than the permitted one gets no request', async () => {
    const receiver = await startReceiver();
    // A policy that permits what is resolved, and no longer what the socket is connected to.
    const policy = new AddressPolicy([]);
    let asked = 0;
    policy.permits = () => (asked += 1) <= 1;
    const resolver = new KnownHosts({ 'receiver.test': [['127.0.0.1']] });

    expect(await sendTo(makeSender({ policy, resolver }), `http://receiver.test:${receiver.port}/`)).toEqual(
      refusedAddress('127.0.0.1'),
    );
    expect(receiver.connections()).toBe(1);
    expect(receiver.requests).toEqual([]);
  });
});

describe('plain http', () => {
  it('goes to allowed networks only, public or not', async () => {
    const resolver = new KnownHosts({ 'receiver.test': [['93.184.216.34']] });
    const sender = makeSender({ resolver });

    expect(await sendTo(sender, 'http://93.184.216.34/')).toEqual(refusedAddress('93.184.216.34'));
    expect(await sendTo(sender, 'http://receiver.test/')).toEqual(refusedAddress('93.184.216.34'));
    expect(await sendTo(sender, 'http://[2606:4700:4700::1111]/')).toEqual(refusedAddress('2606:4700:4700::1111'));
  });

  it('goes to an allowed network on IPv6 too', async () => {
    const receiver = await startReceiver(undefined, { host: '::1' });

    expect(await sendTo(makeSender({ allowedNetworks: '::1/128' }), `http://[::1]:${receiver.port}/`)).toEqual(
      DELIVERED,
    );
  });
});
