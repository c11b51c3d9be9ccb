import { fetchAccessToken } from '@gateway/d1-simulator';
import { expect } from 'vitest';
import { send, type Answer } from '../../support/http.js';

interface Page<Item> {
  readonly items: readonly Item[];
}

/** Somebody with an operator's credentials, and HTTP. */
export class Operator {
  private constructor(
    private readonly url: string,
    private readonly accessToken: string,
  ) {}

  static async signIn(url: string, clientId: string, clientSecret: string): Promise<Operator> {
    const { value } = await fetchAccessToken({ baseUrl: url, credentials: { clientId, clientSecret } });
    return new Operator(url, value);
  }

  get(path: string): Promise<Answer> {
    return this.call('GET', path);
  }

  put(path: string, body?: object): Promise<Answer> {
    return this.call('PUT', path, body);
  }

  post(path: string, body?: object): Promise<Answer> {
    return this.call('POST', path, body);
  }

  delete(path: string): Promise<Answer> {
    return this.call('DELETE', path);
  }

  /** What a list holds, its first page. */
  async list<Item>(path: string): Promise<readonly Item[]> {
    const answer = await this.get(path);
    expect(answer.status, answer.body).toBe(200);
    return answer.json<Page<Item>>().items;
  }

  /** The value of a metric, of all its series with such labels. */
  async metric(name: string, labels = ''): Promise<number> {
    const { body } = await this.get('/metrics');
    const lines = body.split('\n').filter((line) => line.startsWith(name) && line.includes(labels));
    return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  }

  async call(method: string, path: string, body?: object | string, type = 'application/json'): Promise<Answer> {
    const text = typeof body === 'object' ? JSON.stringify(body) : body;
    const headers = {
      authorization: `Bearer ${this.accessToken}`,
      ...(text !== undefined && { 'content-type': type }),
    };
    return send(this.url, path, { method, headers, ...(text !== undefined && { body: text }) });
  }
}
