// The merchant: answers every webhook at once, and counts them by their webhook-id.
import { once } from 'node:events';
import { createServer } from 'node:http';

export class Receiver {
  static async start() {
    const receiver = new Receiver();
    receiver.timesById = new Map();
    /** Correlation ids, which the suite gives to no two notifications of its own. */
    receiver.correlationIds = new Set();
    receiver.server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += chunk));
      request.on('end', () => {
        receiver.take(request.headers['webhook-id'], JSON.parse(body));
        response.writeHead(204).end();
      });
    });
    receiver.server.listen(0, '127.0.0.1');
    await once(receiver.server, 'listening');
    receiver.url = `http://127.0.0.1:${receiver.server.address().port}/`;
    return receiver;
  }

  take(webhookId, event) {
    this.timesById.set(webhookId, (this.timesById.get(webhookId) ?? 0) + 1);
    this.correlationIds.add(event.data.correlationId);
  }

  get delivered() {
    return this.timesById.size;
  }

  /** Webhooks that came after the first with the same id. */
  get duplicates() {
    let times = 0;
    for (const count of this.timesById.values()) times += count - 1;
    return times;
  }

  async close() {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}
