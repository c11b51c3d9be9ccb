import 'reflect-metadata';
import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { createServer, type Socket } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { gzipSync } from 'node:zlib';
import { generateWebhookSecret } from '../../../../src/registry/webhook-secret.js';
import { TestClock } from '../../../support/test-clock.js';
import {
  EVENT,
  OUTGOING,
  KnownHosts,
  SECRET,
  contextOf,
  listen,
  makeSender,
  sendTo,
  startReceiver,
  targetAt,
  type ReceivedRequest,
} from './support.js';

const DELIVERED = { outcome: { kind: 'delivered' }, statusCode: 200 };

function retried(reason: string | RegExp): object {
  return { outcome: { kind: 'retry', reason: typeof reason === 'string' ? reason : expect.stringMatching(reason) } };
}

/** A server that answers each connection with what it likes. Bytes on a socket: what HTTP servers would not send. */
async function startRawReceiver(serve: (socket: Socket) => void): Promise<{ origin: string; sockets: Socket[] }> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.once('data', () => serve(socket));
  });
  onTestFinished(() => sockets.forEach((socket) => socket.destroy()));
  return { origin: `http://127.0.0.1:${await listen(server)}`, sockets };
}

describe('a webhook', () => {
  it('is a POST of the event, identified, timed and signed', async () => {
    const receiver = await startReceiver();
    const clock = new TestClock(1_800_000_000_999);

    const result = await sendTo(makeSender({ clock }), `${receiver.origin}/hooks/d1?shop=1`);

    expect(result).toEqual(DELIVERED);
    expect(receiver.requests).toEqual([
      {
        method: 'POST',
        path: '/hooks/d1?shop=1',
        headers: {
          host: `127.0.0.1:${receiver.port}`,
          connection: 'keep-alive',
          'content-type': 'application/json',
          'content-length': String(Buffer.byteLength(JSON.stringify(EVENT))),
          'user-agent': 'D1-Merchant-Gateway',
          'accept-encoding': 'identity',
          'webhook-id': '0199a1c0-0000-7000-8000-0000000000ff',
          'webhook-timestamp': '1800000000',
          'webhook-signature': expect.stringMatching(/^v1,[A-Za-z0-9+/]{43}=$/),
        },
        body: JSON.stringify(EVENT),
      },
    ]);
  });

  it('is accepted by the official verifier at every try, also while the secret is replaced', async () => {
    const receiver = await startReceiver();
    const clock = new TestClock();
    const sender = makeSender({ clock });
    const [newer, older] = [generateWebhookSecret(), generateWebhookSecret()];

    await sender.send(targetAt(receiver.origin, [older]), OUTGOING, contextOf());
    clock.advance(2000);
    await sender.send(targetAt(receiver.origin, [newer, older]), OUTGOING, contextOf());
    clock.advance(2000);
    await sender.send(targetAt(receiver.origin, [newer]), OUTGOING, contextOf());

    const verified = (request: ReceivedRequest, secret: string): unknown =>
      new Webhook(secret).verify(request.body, request.headers as Record<string, string>);
    const [first, second, third] = receiver.requests as [ReceivedRequest, ReceivedRequest, ReceivedRequest];
    expect(verified(first, older)).toEqual(EVENT);
    expect(verified(second, older)).toEqual(EVENT);
    expect(verified(second, newer)).toEqual(EVENT);
    expect(verified(third, newer)).toEqual(EVENT);
    expect(() => verified(third, older)).toThrow('No matching signature');
    expect(new Set(receiver.requests.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(new Set(receiver.requests.map(({ headers }) => headers['webhook-timestamp'])).size).toBe(3);
  });

  it('is signed with Ed25519 where the secret is a private key', async () => {
    const receiver = await startReceiver();
    const { privateKey } = generateKeyPairSync('ed25519');
    const seed = privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-32);

    const secrets = [`whsk_${seed.toString('base64')}`];
    await makeSender().send(targetAt(receiver.origin, secrets), OUTGOING, contextOf());

    const { headers, body } = receiver.requests[0] as ReceivedRequest;
    const [version, signature = ''] = String(headers['webhook-signature']).split(',');
    const text = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
    expect(version).toBe('v1a');
    expect(verify(null, Buffer.from(text), createPublicKey(privateKey), Buffer.from(signature, 'base64'))).toBe(true);
  });

  it('has no payload where D1 sent none', async () => {
    const receiver = await startReceiver();
    const { payload: _payload, ...data } = EVENT.data;

    await makeSender().send(targetAt(receiver.origin), { ...OUTGOING, payloadJson: null }, contextOf());

    expect(JSON.parse(receiver.requests[0]?.body ?? '')).toEqual({ ...EVENT, data });
  });

  it('leaves its connection to others', async () => {
    const receiver = await startReceiver((response) => void response.end('x'.repeat(16_000)));
    const sender = makeSender();

    for (let count = 0; count < 20; count += 1) await sendTo(sender, receiver.origin);

    expect(receiver.requests).toHaveLength(20);
    // A connection that has just been used rests for a turn of the event loop.
    expect(receiver.connections()).toBeLessThanOrEqual(2);
  });

  it('does not queue behind those that hang at the same host', async () => {
    const receiver = await startReceiver((response, { url }) => {
      if (url === '/works') response.end();
    });
    const sender = makeSender();
    const stops = Array.from({ length: 100 }, () => new AbortController());
    const hanging = stops.map(({ signal }) =>
      sender.send(targetAt(`${receiver.origin}/hangs`), OUTGOING, contextOf(signal)),
    );

    expect(await sendTo(sender, `${receiver.origin}/works`)).toEqual(DELIVERED);

    stops.forEach((stop) => stop.abort());
    expect(new Set((await Promise.all(hanging)).map(({ outcome }) => outcome.kind))).toEqual(new Set(['retry']));
  });

  it('goes by no proxy of the environment', async () => {
    const proxy = await startReceiver();
    const receiver = await startReceiver();
    for (const name of ['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY']) vi.stubEnv(name, proxy.origin);
    vi.stubEnv('NODE_USE_ENV_PROXY', '1');
    onTestFinished(() => void vi.unstubAllEnvs());

    expect(await sendTo(makeSender(), receiver.origin)).toEqual(DELIVERED);
    expect(proxy.connections()).toBe(0);
  });
});

describe('an answer', () => {
  it.each([
    [204, {}, { outcome: { kind: 'delivered' } }],
    [500, {}, retried('answered 500')],
    [429, { 'retry-after': '120' }, { outcome: { kind: 'retry', reason: 'answered 429', afterMs: 120_000 } }],
    [503, { 'retry-after': '120' }, { outcome: { kind: 'retry', reason: 'answered 503', afterMs: 120_000 } }],
    [410, {}, { outcome: expect.objectContaining({ kind: 'refused' }), disableDestination: true }],
  ])('of %d counts', async (statusCode, headers, expected) => {
    const receiver = await startReceiver((response) => void response.writeHead(statusCode, headers).end());

    expect(await sendTo(makeSender(), receiver.origin)).toEqual({ statusCode, ...expected });
  });

  it('that asks to wait until a date is measured by the clock', async () => {
    const clock = new TestClock(Date.parse('2030-01-01T00:00:00Z'));
    const until = { 'retry-after': 'Tue, 01 Jan 2030 00:05:00 GMT' };
    const receiver = await startReceiver((response) => void response.writeHead(503, until).end());

    expect(await sendTo(makeSender({ clock }), receiver.origin)).toMatchObject({ outcome: { afterMs: 300_000 } });
  });

  it('that asks to wait twice is taken by the first', async () => {
    const { origin } = await startRawReceiver((socket) =>
      socket.end('HTTP/1.1 429 Slow\r\nRetry-After: 7\r\nRetry-After: 9\r\nContent-Length: 0\r\n\r\n'),
    );

    expect(await sendTo(makeSender(), origin)).toMatchObject({ outcome: { afterMs: 7000 } });
  });

  it.each([301, 302, 303, 307, 308])('of %d is not followed', async (statusCode) => {
    const elsewhere = await startReceiver();
    const receiver = await startReceiver((response, { url }) => {
      const location = url === '/a' ? 'http://169.254.169.254/latest/meta-data/' : `${elsewhere.origin}/stolen`;
      response.writeHead(statusCode, { location }).end();
    });
    // The metadata address is open here, so that it is not the address policy that helps.
    const sender = makeSender({ allowedNetworks: '127.0.0.0/8,169.254.0.0/16' });

    for (const path of ['/a', '/b']) {
      expect(await sendTo(sender, receiver.origin + path)).toEqual({
        outcome: { kind: 'retry', reason: `answered ${statusCode}: redirects are not followed` },
        statusCode,
      });
    }
    expect(receiver.requests).toHaveLength(2);
    expect(elsewhere.connections()).toBe(0);
  });

  it('without end is cut off, and its status counts', async () => {
    const piece = Buffer.alloc(65_536, 'x');
    const { origin, sockets } = await startRawReceiver((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      const flood = (): void => {
        while (!socket.destroyed && socket.write(piece));
      };
      socket.on('drain', flood);
      flood();
    });
    const sender = makeSender();

    expect(await sendTo(sender, origin)).toEqual(DELIVERED);

    const [socket] = sockets as [Socket];
    await closed(socket);
    // What the kernel buffers on both sides, and no more.
    expect(socket.bytesWritten).toBeLessThan(16 * 1024 * 1024);
  });

  it('that announces more than 16 KiB is not waited for', async () => {
    const { origin, sockets } = await startRawReceiver((socket) =>
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 16385\r\n\r\n'),
    );

    expect(await sendTo(makeSender({ timeoutMs: 60_000 }), origin)).toEqual(DELIVERED);
    const [socket] = sockets as [Socket];
    await closed(socket);
  });

  it('whose body does not end in time is cut off at the deadline, and its status counts', async () => {
    const { origin, sockets } = await startRawReceiver((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
      const drip = setInterval(() => socket.write('1\r\nx\r\n'), 5);
      socket.on('close', () => clearInterval(drip));
    });

    expect(await sendTo(makeSender({ timeoutMs: 100 }), origin)).toEqual(DELIVERED);
    const [socket] = sockets as [Socket];
    await closed(socket);
  });

  it('whose body is cut half way counts by its status', async () => {
    const { origin } = await startRawReceiver((socket) =>
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf', () => socket.destroy()),
    );

    expect(await sendTo(makeSender(), origin)).toEqual(DELIVERED);
  });

  it('that is compressed is not decompressed', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    const receiver = await startReceiver((response) => {
      response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': bomb.length }).end(bomb);
    });
    const small = gzipSync(Buffer.alloc(10 * 1024 * 1024)).subarray(0, 16_000);
    const broken = await startReceiver((response) => {
      response.writeHead(200, { 'content-encoding': 'gzip, br, deflate' }).end(small);
    });
    const sender = makeSender();
    const before = process.memoryUsage();

    expect(await sendTo(sender, receiver.origin)).toEqual(DELIVERED);
    expect(await sendTo(sender, broken.origin)).toEqual(DELIVERED);

    const after = process.memoryUsage();
    expect(after.arrayBuffers + after.external - before.arrayBuffers - before.external).toBeLessThan(8 * 1024 * 1024);
    // Read to its end as it was sent: the connections serve again.
    for (let count = 0; count < 20; count += 1) await sendTo(sender, broken.origin);
    expect(broken.connections()).toBeLessThanOrEqual(2);
  });
});

describe('no answer', () => {
  it('in time: retry, and the connection is closed', async () => {
    const { origin, sockets } = await startRawReceiver(() => undefined);

    expect(await sendTo(makeSender({ timeoutMs: 100 }), origin)).toEqual(retried('no answer within 100 ms'));
    const [socket] = sockets as [Socket];
    await closed(socket);
  });

  it('from a name server in time: retry', async () => {
    const resolver = new KnownHosts({});
    vi.spyOn(resolver, 'resolve').mockReturnValue(new Promise(() => undefined));
    const sender = makeSender({ timeoutMs: 100, resolver });

    expect(await sendTo(sender, 'http://receiver.test/')).toEqual(retried('no answer within 100 ms'));
  });

  it('as nothing is connected yet when the try is stopped: retry at once', async () => {
    const resolver = new KnownHosts({});
    const stop = new AbortController();
    vi.spyOn(resolver, 'resolve').mockImplementation(() => {
      queueMicrotask(() => stop.abort());
      return new Promise(() => undefined);
    });
    const sender = makeSender({ timeoutMs: 60_000, resolver });

    const result = await sender.send(targetAt('http://receiver.test/'), OUTGOING, contextOf(stop.signal));

    expect(result).toEqual(retried('stopped before the answer'));
    await sender.onApplicationShutdown();
  });

  it('before the try is stopped from outside: retry, and the connection is closed', async () => {
    const stop = new AbortController();
    const { origin, sockets } = await startRawReceiver(() => stop.abort());

    const result = await makeSender().send(targetAt(origin), OUTGOING, contextOf(stop.signal));

    expect(result).toEqual(retried('stopped before the answer'));
    const [socket] = sockets as [Socket];
    await closed(socket);
  });

  it('to a try that had been stopped before it began: retry, and nothing is sent', async () => {
    const receiver = await startReceiver();

    const result = await makeSender().send(targetAt(receiver.origin), OUTGOING, contextOf(AbortSignal.abort()));

    expect(result).toEqual(retried('stopped before the answer'));
    expect(receiver.requests).toEqual([]);
  });

  it.each([
    ['cut off before the status', '', 'connection closed before there was an answer (UND_ERR_SOCKET)'],
    ['cut off within the headers', 'HTTP/1.1 200 OK\r\nContent-Le', /^connection closed .*\(UND_ERR_SOCKET\)$/],
    ['that is not HTTP', '220 mail.example.com ESMTP\r\n', 'the answer is not HTTP (HTTPParserError)'],
    ['with endless headers', `HTTP/1.1 200 OK\r\n${'x-a: y\r\n'.repeat(10_000)}`, /^the headers .* too long/],
    ['of a switch of protocols', 'HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n', /\(UND_ERR/],
  ])('but one %s: retry', async (_, bytes, reason) => {
    const { origin } = await startRawReceiver((socket) => socket.end(bytes));

    expect(await sendTo(makeSender(), origin)).toEqual(retried(reason));
  });

  it('as the connection is reset: retry', async () => {
    const { origin } = await startRawReceiver((socket) => socket.resetAndDestroy());

    expect(await sendTo(makeSender(), origin)).toEqual(retried(/^connection /));
  });

  it('as nobody listens: retry', async () => {
    const port = await freedPort();

    expect(await sendTo(makeSender(), `http://127.0.0.1:${port}/`)).toEqual(
      retried('connection refused (ECONNREFUSED)'),
    );
  });

  it('as the host is not known: retry', async () => {
    expect(await sendTo(makeSender(), 'https://receiver.test/')).toEqual(retried('host not found (ENOTFOUND)'));
  });

  it('as the host has no address: retry', async () => {
    const resolver = new KnownHosts({ 'receiver.test': [[]] });

    expect(await sendTo(makeSender({ resolver }), 'https://receiver.test/')).toEqual(
      retried('the host has no address'),
    );
  });
});

describe('a destination that cannot be sent to', () => {
  it.each([
    [null, 'the destination has no valid URL'],
    ['', 'the destination has no valid URL'],
    ['not a url', 'the destination has no valid URL'],
    ['https://', 'the destination has no valid URL'],
    ['ftp://127.0.0.1/', 'the URL is neither https nor http'],
    ['file:///etc/passwd', 'the URL is neither https nor http'],
    ['https://user:hunter2@127.0.0.1/', 'the URL contains credentials, which are not sent'],
  ])('%s: retry', async (url, reason) => {
    expect(await sendTo(makeSender(), url)).toEqual(retried(reason));
  });

  it.each([
    [[], 'the destination has no signing secret'],
    [['whsec_hunter2'], 'a signing secret of the destination is malformed'],
    [[SECRET, 'hunter2'], 'a signing secret of the destination is malformed'],
  ])('with the secrets %j: retry, and nothing is sent', async (secrets, reason) => {
    const receiver = await startReceiver();

    expect(await makeSender().send(targetAt(receiver.origin, secrets), OUTGOING, contextOf())).toEqual(retried(reason));
    expect(receiver.connections()).toBe(0);
  });

  it('as its event cannot be written: retry', async () => {
    const event = { ...EVENT, data: { ...EVENT.data, payload: 1n } };

    expect(await makeSender().send(targetAt('http://127.0.0.1/'), { event, payloadJson: null }, contextOf())).toEqual(
      retried('the request failed (TypeError)'),
    );
  });
});

describe('shutdown', () => {
  it('closes the connections, and tries after it come to nothing', async () => {
    const receiver = await startReceiver();
    const sender = makeSender();
    await sendTo(sender, receiver.origin);

    await sender.onApplicationShutdown();

    expect(await sendTo(sender, receiver.origin)).toEqual(retried(/UND_ERR_(CLOSED|DESTROYED)/));
    expect(receiver.requests).toHaveLength(1);
  });

  it('lets a try under way come to its end', async () => {
    const asked = new EventEmitter();
    const receiver = await startReceiver((response) => void asked.emit('request', response));
    const sender = makeSender();
    const result = sendTo(sender, receiver.origin);
    const [response] = (await once(asked, 'request')) as [ServerResponse];

    const shutdown = sender.onApplicationShutdown();
    response.end();

    expect(await result).toEqual(DELIVERED);
    await shutdown;
  });
});

function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => (socket.closed ? resolve() : socket.once('close', () => resolve())));
}

async function freedPort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
