import type { IncomingMessage } from 'node:http';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ClientCredentials } from '../../../src/auth/clients/client-authenticator.js';
import type { KnownClient } from '../../../src/auth/clients/client-directory.js';
import { provenClient, UnprovenTurns } from '../../../src/auth/token-endpoint/unproven-turns.js';

const REST_MS = 20;

interface FakeRequest {
  readonly headers: { readonly authorization?: string };
  readonly socket: { destroyed: boolean };
}

describe('requests with client credentials that have not proved right', () => {
  let proven: Set<string>;
  /** Those who have proved right, and need a look at the database to be known for it. */
  let recalled: Map<string, KnownClient | Promise<never>>;
  let turns: UnprovenTurns;
  let entered: string[];
  beforeEach(() => {
    proven = new Set();
    recalled = new Map();
    entered = [];
    const recognise = ({ clientId }: ClientCredentials): KnownClient | undefined =>
      proven.has(clientId) ? ({ clientId } as KnownClient) : undefined;
    const recall = async ({ clientId }: ClientCredentials): Promise<KnownClient | undefined> => recalled.get(clientId);
    turns = new UnprovenTurns({ recognise, recall } as never);
  });

  const request = (authorization?: string): IncomingMessage & FakeRequest =>
    ({
      headers: authorization === undefined ? {} : { authorization },
      socket: { destroyed: false },
    }) as IncomingMessage & FakeRequest;
  const of = (clientId: string): IncomingMessage & FakeRequest =>
    request(`Basic ${Buffer.from(`${clientId}:secret`).toString('base64')}`);
  const wait = (address: string, name: string, waiting = of(name)): Promise<void> =>
    new Promise((resolve) => {
      turns.wait(address, waiting, () => {
        entered.push(name);
        resolve();
      });
    });

  it('are let in one after the other, addresses in turn, and who comes for the first time before all others', async () => {
    const startedMs = performance.now();
    await Promise.all([wait('192.0.2.1', 'a0'), wait('192.0.2.2', 'b0')]);
    const flood = ['a1', 'a2', 'a3'].map((name) => wait('192.0.2.1', name));
    await Promise.all([...flood, wait('192.0.2.2', 'b1'), wait('192.0.2.3', 'c1')]);

    expect(entered.filter((name) => name !== 'c1')).toEqual(['a0', 'b0', 'a1', 'b1', 'a2', 'a3']);
    expect(entered.indexOf('c1')).toBeLessThan(entered.indexOf('a2'));
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(3 * REST_MS - 1);
  });

  it('wait no longer once they have, and the guard is told who it is', async () => {
    const count = 300;
    const requests = Array.from({ length: count }, () => of('late'));
    const startedMs = performance.now();
    const all = requests.map((one) => wait('192.0.2.1', 'late', one));
    // The first of its address, and the first of the others, go in unproven.
    await Promise.all([all[0], all[1]]);
    proven.add('late');
    await Promise.all(all);

    expect(entered).toHaveLength(count);
    expect(performance.now() - startedMs).toBeLessThan((count * REST_MS) / 2);
    expect(requests.slice(2).map((one) => provenClient(one)?.clientId)).toEqual(
      Array.from({ length: count - 2 }, () => 'late'),
    );
  });

  it('are let in at once where the client has proved right before it was last forgotten, and once only', async () => {
    await wait('192.0.2.1', 'first');
    const flood = ['a1', 'a2', 'a3'].map((name) => wait('192.0.2.1', name));
    recalled.set('d1', { clientId: 'd1' } as KnownClient);
    const d1 = of('d1');
    await wait('192.0.2.1', 'd1', d1);

    expect(provenClient(d1)).toEqual({ clientId: 'd1' });
    expect(entered).not.toContain('a2');
    await Promise.all([...flood, wait('192.0.2.1', 'last')]);
    expect(entered.toSorted()).toEqual(['a1', 'a2', 'a3', 'd1', 'first', 'last']);
  });

  it('wait for their turn where the database cannot say whether the client has proved right', async () => {
    recalled.set('d1', Promise.reject(new Error('away')));
    await wait('192.0.2.1', 'first');
    await Promise.all([wait('192.0.2.1', 'a1'), wait('192.0.2.1', 'd1')]);
    expect(entered).toEqual(['first', 'a1', 'd1']);
  });

  it('are not let in when the caller has hung up meanwhile', async () => {
    const gone = of('gone');
    const first = wait('192.0.2.1', 'first');
    void wait('192.0.2.1', 'gone', gone);
    gone.socket.destroyed = true;
    await Promise.all([first, wait('192.0.2.1', 'last')]);
    expect(entered).toEqual(['first', 'last']);
  });

  it('are let in at once at shutdown', async () => {
    const all = Array.from({ length: 300 }, (_, nth) => wait('192.0.2.1', `client-${nth}`));
    turns.beforeApplicationShutdown();
    const startedMs = performance.now();
    await Promise.all(all);
    expect(performance.now() - startedMs).toBeLessThan((300 * REST_MS) / 2);
  });

  it('alone have to wait: not who has proved right, and not who has no credentials that could be', () => {
    proven.add('known');
    const known = of('known');
    const mustWait = [of('unknown'), known, request(), request('Basic ???'), request('Bearer abc')].map((one) =>
      turns.mustWait(one),
    );
    expect(mustWait).toEqual([true, false, false, false, false]);
    expect(provenClient(known)).toEqual({ clientId: 'known' });
  });
});
