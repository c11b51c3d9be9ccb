// Who asks and never reads: his answers wait here, and are not kept for ever.
import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { connect as connectTls } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { Exchanges } from '../../src/http/exchanges.js';
import { closeUnread } from '../../src/http/unread-answers.js';
import { send } from '../support/http.js';
import { TestGateway } from '../support/test-gateway.js';
import { makeCertificates } from '../support/tls.js';

/** Large enough that so many of them fit in no system's buffers. */
const PAGE = '/docs/swagger-ui-bundle.js';
const PAGES = 30;

describe('a caller who never reads', () => {
  let gateway: TestGateway;
  let socket: Socket;
  afterEach(async () => {
    socket.destroy();
    await gateway.close();
  });

  const connections = async (): Promise<number> => {
    const server = gateway.app.getHttpServer();
    return new Promise((resolve, reject) => {
      server.getConnections((error, count) => (error ? reject(error) : resolve(count)));
    });
  };

  it.each(['http', 'https'])('is cut off, by %s', async (protocol) => {
    const certificates = makeCertificates();
    const tls = protocol === 'https' ? certificates.env : {};
    gateway = await TestGateway.start({ env: { ...tls, REQUEST_TIMEOUT_MS: '1000' } });
    certificates.remove();
    const { hostname: host, port } = new URL(gateway.url);
    const options = { host, port: Number(port), ...certificates.none };
    socket = protocol === 'https' ? connectTls(options) : connect(options);
    socket.on('error', () => {});
    await once(socket, protocol === 'https' ? 'secureConnect' : 'connect');

    socket.pause().write(`GET ${PAGE} HTTP/1.1\r\nHost: gateway\r\n\r\n`.repeat(PAGES));

    await expect.poll(connections).toBe(1);
    await expect.poll(connections, { timeout: 15_000 }).toBe(0);
    const { status } = await send(gateway.url, PAGE, { method: 'GET', tls: certificates.none });
    expect(status).toBe(200);
  });
});

describe('a caller who waits', () => {
  let server: Server;
  afterEach(() => void server.close());

  it('is not cut off for what takes long here', async () => {
    server = createServer((_request, response) => {
      // When nothing has moved for so long.
      server.once('timeout', () => response.end('at last'));
    });
    closeUnread(server, new Exchanges(server));
    server.timeout = 50;
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const request = get(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, { agent: false });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    expect(await text(response)).toBe('at last');
  });
});
