import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import { AddressPolicy } from '../../../../src/delivery/destinations/webhook/address-policy.js';

const closed = new AddressPolicy([]);

describe('without allowed networks, webhooks go over https to', () => {
  it.each([
    '1.1.1.1',
    '8.8.8.8',
    '9.255.255.255',
    '11.0.0.0',
    '93.184.216.34',
    '100.63.255.255',
    '100.128.0.0',
    '126.255.255.255',
    '128.0.0.1',
    '169.253.255.255',
    '169.255.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '192.0.1.0',
    '192.167.255.255',
    '192.169.0.0',
    '198.17.255.255',
    '198.20.0.0',
    '223.255.255.255',
    '2001:200::1',
    '2001:4860:4860::8888',
    '2606:4700:4700::1111',
    '2a00:1450:4001:82a::200e',
    '3ffe::1',
  ])('%s', (address) => {
    expect(closed.permits(address, 'https:')).toBe(true);
    expect(closed.permits(address, 'http:')).toBe(false);
  });
});

describe('without allowed networks, webhooks do not go to', () => {
  it.each([
    // this network, unspecified
    '0.0.0.0',
    '0.0.0.1',
    '0.255.255.255',
    '::',
    // loopback
    '127.0.0.1',
    '127.0.0.53',
    '127.127.127.127',
    '127.255.255.255',
    '::1',
    // private
    '10.0.0.0',
    '10.255.255.255',
    '172.16.0.0',
    '172.17.0.1',
    '172.31.255.255',
    '192.168.0.0',
    '192.168.255.255',
    // carrier-grade NAT
    '100.64.0.0',
    '100.127.255.255',
    // link-local
    '169.254.0.0',
    '169.254.255.255',
    'fe80::1',
    'fe80::1%eth0',
    'febf::1',
    // metadata: AWS, Google, Azure, Oracle, DigitalOcean; ECS; Alibaba; Azure's host; Oracle; AWS and Google on IPv6
    '169.254.169.254',
    '169.254.170.2',
    '100.100.100.200',
    '168.63.129.16',
    '192.0.0.192',
    'fd00:ec2::254',
    'fd20:ce::254',
    'fe80::a9fe:a9fe',
    // protocol assignments, documentation, 6to4 relays, benchmarking, AS112, AMT
    '192.0.0.1',
    '192.0.0.170',
    '192.0.2.1',
    '192.31.196.1',
    '192.52.193.1',
    '192.88.99.1',
    '192.175.48.1',
    '198.18.0.0',
    '198.19.255.255',
    '198.51.100.1',
    '203.0.113.1',
    // multicast, reserved, broadcast
    '224.0.0.1',
    '239.255.255.250',
    '240.0.0.0',
    '255.255.255.254',
    '255.255.255.255',
    'ff02::1',
    'ff05::2',
    'ff0e::1',
    // unique local, site-local
    'fc00::',
    'fc00::1',
    'fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
    'fec0::1',
    // IPv4-mapped, of whatever address
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::ffff:0:0',
    '::ffff:10.0.0.1',
    '::ffff:169.254.169.254',
    '::ffff:a9fe:a9fe',
    '::ffff:8.8.8.8',
    '0:0:0:0:0:ffff:7f00:0001',
    // IPv4-compatible
    '::127.0.0.1',
    '::7f00:1',
    '::a9fe:a9fe',
    '::8.8.8.8',
    // IPv4-translated
    '::ffff:0:127.0.0.1',
    '::ffff:0:8.8.8.8',
    // NAT64, well-known and local-use
    '64:ff9b::127.0.0.1',
    '64:ff9b::7f00:1',
    '64:ff9b::a9fe:a9fe',
    '64:ff9b::8.8.8.8',
    '64:ff9b:1::7f00:1',
    '64:ff9b:1:ffff::a9fe:a9fe',
    // 6to4
    '2002:7f00:1::',
    '2002:a00:1::1',
    '2002:a9fe:a9fe::1',
    '2002:808:808::1',
    // Teredo
    '2001::1',
    '2001:0:7f00:1::',
    '2001:0:4136:e378:8000:63bf:80ff:fffe',
    // ISATAP
    '2001:4860::5efe:7f00:1',
    '2001:4860::200:5efe:a00:1',
    // discard, documentation, benchmarking, ORCHID, drone ids, protocol assignments, SRv6, AS112
    '100::1',
    '100:0:0:1::1',
    '2001:db8::1',
    '3fff::1',
    '3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff',
    '2001:2::1',
    '2001:3::1',
    '2001:4:112::1',
    '2001:10::1',
    '2001:20::1',
    '2001:30::1',
    '2001:1ff:ffff::1',
    '2620:4f:8000::1',
    '5f00::1',
    // not assigned to anyone
    '1::1',
    '200::1',
    '400::1',
    '4000::1',
    '8000::1',
    'e000::1',
    'fe00::1',
    // not an address as the operating system writes it
    '',
    'localhost',
    '0x7f000001',
    '2130706433',
    '0177.0.0.1',
    '127.1',
    '8.8',
    '8.8.8.8 ',
    '08.8.8.8',
    '[2606:4700:4700::1111]',
    '8.8.8.8/32',
  ])('%s', (address) => {
    expect(closed.permits(address, 'https:')).toBe(false);
    expect(closed.permits(address, 'http:')).toBe(false);
  });

  const byte = fc.nat(255);
  it('any spelling of any IPv4 address in IPv6', () => {
    const forms = fc.constantFrom<(hex: string) => string>(
      (hex) => `::ffff:${hex}`,
      (hex) => `::${hex}`,
      (hex) => `::ffff:0:${hex}`,
      (hex) => `64:ff9b::${hex}`,
      (hex) => `64:ff9b:1::${hex}`,
      (hex) => `2002:${hex}::1`,
      (hex) => `2001::${hex}`,
    );
    fc.assert(
      fc.property(fc.tuple(byte, byte, byte, byte), forms, ([a, b, c, d], form) => {
        const address = form(`${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`);
        expect(closed.permits(address, 'https:')).toBe(false);
      }),
    );
  });

  it('any IPv4 address that ipaddr.js calls special', () => {
    fc.assert(
      fc.property(fc.tuple(byte, byte, byte, byte), (bytes) => {
        const special = new ipaddr.IPv4([...bytes]).range() !== 'unicast';
        expect(closed.permits(bytes.join('.'), 'https:')).toBe(!special && bytes.join('.') !== '168.63.129.16');
      }),
    );
  });
});

describe('an allowed network', () => {
  it.each([
    ['10.0.0.0/8', '10.1.2.3'],
    ['127.0.0.1/32', '127.0.0.1'],
    ['fd00::/8', 'fd12:3456::1'],
    ['::1/128', '::1'],
    ['8.8.8.0/24', '8.8.8.8'],
    ['10.0.0.0/8', '::ffff:10.1.2.3'],
    ['64:ff9b::/96', '64:ff9b::8.8.8.8'],
    ['2002::/16', '2002:808:808::1'],
    ['fe80::/10', 'fe80::1%eth0'],
    ['0.0.0.0/0', '169.254.169.254'],
  ])('%s is open for %s, over https and http', (network, address) => {
    const policy = new AddressPolicy([network]);

    expect(policy.permits(address, 'https:')).toBe(true);
    expect(policy.permits(address, 'http:')).toBe(true);
  });

  it.each([
    ['10.0.0.0/24', '10.0.1.0'],
    ['10.0.0.0/8', '64:ff9b::10.0.0.1'],
    ['64:ff9b::/96', '64:ff9b::127.0.0.1'],
    ['64:ff9b::/96', '64:ff9b::169.254.169.254'],
    ['64:ff9b:1::/48', '64:ff9b:1::10.0.0.1'],
    ['2002::/16', '2002:7f00:1::'],
    ['2001::/32', '2001:0:808:808::80ff:fffe'],
    ['2001::/32', '2001:0:7f00:1::f7f7:f7f7'],
    ['::/0', '127.0.0.1'],
    ['::/0', '::ffff:127.0.0.1'],
    ['::/0', '::127.0.0.1'],
    ['0.0.0.0/0', '::1'],
    ['fd00::/16', 'fd01::1'],
  ])('%s is not open for %s', (network, address) => {
    expect(new AddressPolicy([network]).permits(address, 'https:')).toBe(false);
  });

  it('leaves public addresses open over https, and over http closed', () => {
    const policy = new AddressPolicy(['10.0.0.0/8']);

    expect(policy.permits('8.8.8.8', 'https:')).toBe(true);
    expect(policy.permits('8.8.8.8', 'http:')).toBe(false);
  });

  it('opens what lies behind a translator where both are allowed', () => {
    const policy = new AddressPolicy(['64:ff9b::/96', '10.0.0.0/8']);

    expect(policy.permits('64:ff9b::10.0.0.1', 'https:')).toBe(true);
    expect(policy.permits('64:ff9b::127.0.0.1', 'https:')).toBe(false);
  });
});
