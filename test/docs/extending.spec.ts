import { startTestGateway, type TestDelivery } from '@gateway/merchant-kit/testing';
import type { Type } from '@nestjs/common';
import { afterAll, afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { Receiver } from '../support/receiver.js';
import { describeTeamTables } from '../support/team-tables.js';
import { codeBlocks } from './code-blocks.js';
import { GeneratedProject } from './generated-project.js';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

const blocks = codeBlocks('docs/extending.md');
const tutorial = blocks.filter(({ words }) => words[0] === 'tutorial');
const examples = blocks.filter(({ words }) => words[0] === 'run');

// At the time of collection: the tutorial's own tests are collected, too.
const project = new GeneratedProject();
afterAll(() => project.remove());
await project.newMerchant('acme');
for (const { words, text } of tutorial) if (words[1]?.endsWith('.ts')) project.write(words[1], text);
for (const [index, { text }] of examples.entries()) project.write(`example-${index}.ts`, text);

it('every block of code on the page is one that is run', () => {
  const known = blocks.filter(({ language }) => language === 'mermaid').length + tutorial.length + examples.length;
  expect(known).toBe(blocks.length);
  expect(blocks.length).toBeGreaterThan(10);
});

it.runIf(inject('engine') === 'sqlite')('every block of TypeScript compiles', { timeout: 60_000 }, () => {
  expect(project.compile()).toBe('');
});

describe('the tutorial’s team', async () => {
  await project.import('libs/merchant-acme/test/acme.spec.ts');
  await project.import('libs/merchant-acme/test/test-cards.spec.ts');
  const { AcmeModule } = await project.import('libs/merchant-acme/src/index.ts');
  describeTeamTables(AcmeModule as Type);
});

describe('the examples', () => {
  let receiver: Receiver;
  beforeEach(async () => {
    receiver = await Receiver.start();
  });
  afterEach(() => receiver.close());

  async function moduleOf(name: string): Promise<Type> {
    const modules = await Promise.all(examples.map((_example, index) => project.import(`example-${index}.ts`)));
    return modules.find((one) => name in one)?.[name] as Type;
  }

  /** Starts a gateway with the module that the example exports, and notifies. */
  async function run(name: string, tokenId: string, destination: object = {}): Promise<TestDelivery | undefined> {
    const main = { name: 'main', kind: 'webhook', url: receiver.url, secret: SECRET, ...destination };
    const gateway = await startTestGateway({
      merchants: [await moduleOf(name)],
      destinations: [main],
      tokens: ['token-1', 'test-1'],
    });
    try {
      expect(await gateway.notify(tokenId)).toBe(204);
      return (await gateway.settled(1))[0];
    } finally {
      await gateway.close();
    }
  }

  it('are as many as are run here', () => {
    expect(examples).toHaveLength(5);
  });

  it('takes a body', async () => {
    const gateway = await startTestGateway({ merchants: [await moduleOf('OrdersModule')] });
    const order = (body: object): Promise<Response> =>
      fetch(`${gateway.url}/merchants/orders/orders`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const [taken, refused] = [await order({ tokenId: 'token-1' }), await order({ tokenId: '' })];
    await gateway.close();

    expect(await taken.json()).toEqual({ ordered: 'token-1' });
    expect(refused.status).toBe(400);
  });

  it('maps', async () => {
    expect(await run('ShortModule', 'token-1')).toMatchObject({ state: 'delivered' });
    expect(receiver.received.map(({ body }) => body)).toEqual(['{"card":"token-1","version":1}']);
  });

  it('filters', async () => {
    expect(await run('PickyModule', 'test-1')).toMatchObject({ state: 'cancelled' });
    expect(receiver.received).toEqual([]);
  });

  it('knows tokens', async () => {
    expect(await run('VaultModule', 'vault-1')).toMatchObject({ state: 'delivered' });
  });

  it('sends in its own way', async () => {
    expect(await run('LogModule', 'token-1', { kind: 'log' })).toMatchObject({ state: 'delivered' });
    expect(receiver.received).toEqual([]);
  });
});
