// A merchant's receiver, which answers at once or never.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

/** What a gateway must be told so that it sends webhooks to it. */
export const RECEIVER_ENV = { WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8' };

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

export class WebhookReceiver {
  received = 0;
  /** @type {(body: string) => void} */
  onWebhook = () => undefined;

  /** @param {{ answers?: boolean }} [options] */
  static async start({ answers = true } = {}) {
    const receiver = new WebhookReceiver();
    receiver.server = createServer((request, response) => {
      if (answers) void receiver.take(request, response).catch(() => response.destroy());
      else request.resume();
    }).listen(0, '127.0.0.1');
    await once(receiver.server, 'listening');
    return receiver;
  }

  /** @param {string[]} merchantIds @returns declarations of merchants with this receiver as their destination */
  merchants(merchantIds) {
    const url = `http://127.0.0.1:${this.server.address().port}/`;
    const destinations = [{ name: 'main', kind: 'webhook', url, secret: SECRET }];
    return merchantIds.map((id) => ({ id, name: `Merchant ${id}`, tokens: [], destinations }));
  }

  reset() {
    this.received = 0;
    this.firstMs = undefined;
  }

  async take(request, response) {
    const body = await text(request);
    this.received += 1;
    this.lastMs = performance.now();
    this.firstMs ??= this.lastMs;
    this.onWebhook(body);
    response.writeHead(204).end();
  }

  close() {
    this.server.closeAllConnections();
    this.server.close();
  }
}
