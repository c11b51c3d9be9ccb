import { startTestGateway, type TestGateway } from '@gateway/merchant-kit/testing';
import { D1Client } from '@gateway/d1-client';
import type { Type } from '@nestjs/common';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeD1, json } from '../d1-client/fake-d1.js';
import { GeneratedProject } from './generated-project.js';
import { asModule, readmeExamples, STAND_INS, tsdocExamples } from './library-examples.js';

const project = new GeneratedProject();
afterAll(() => project.remove());

describe('the examples of libraries', () => {
  const examples = [...readmeExamples(), ...tsdocExamples()];

  it('are found', () => {
    expect(readmeExamples().map(({ file }) => file)).toContain('libs/d1-client/README.md');
    expect(tsdocExamples().length).toBeGreaterThan(20);
  });

  it('compile, every one', { timeout: 60_000 }, () => {
    project.write('stand-ins.ts', STAND_INS);
    for (const [index, example] of examples.entries()) {
      const name = example.file.replaceAll('/', '-').replace(/\.\w+$/, '');
      project.write(`${name}-${index}.ts`, asModule(example));
    }

    expect(project.compile()).toBe('');
  });
});

describe('the handler on the page of the D1 client', () => {
  let d1: FakeD1;
  let gateway: TestGateway;
  beforeEach(async () => {
    d1 = await FakeD1.start();
    const example = readmeExamples().find(({ file }) => file === 'libs/d1-client/README.md');
    project.write('vault.ts', example?.text ?? '');
    const { VaultModule } = (await project.import('vault.ts')) as { VaultModule: Type };
    const client = new D1Client(d1.options());
    gateway = await startTestGateway({
      merchants: [VaultModule],
      overrides: [{ provide: D1Client, useValue: client }],
    });
  });
  afterEach(async () => {
    await gateway.close();
    await d1.stop();
  });

  it('has D1’s state of a token', async () => {
    await gateway.notify('token-1');

    expect(await gateway.settled(1)).toMatchObject([{ state: 'delivered' }]);
    expect(d1.calls).toMatchObject([{ url: '/the/path/agreed/with/thales/10610027312/tokens/token-1' }]);
  });

  it('is given no more of what D1 refuses', async () => {
    d1.answers = [json(403, {})];
    await gateway.notify('token-1');

    expect(await gateway.settled(1)).toMatchObject([{ state: 'dead', reason: expect.stringContaining('at D1: 403') }]);
  });

  it('keeps its deliveries while D1 gives no access token, as after a key was replaced', async () => {
    d1.tokenAnswers = [json(401, {})];
    await gateway.notify('token-1');
    await gateway.tried(1);
    expect(await gateway.deliveries()).toMatchObject([
      { state: 'pending', reason: 'The handler failed: POST /authz/v1/oauth2/token at D1: 401' },
    ]);

    await gateway.later(10);

    expect(await gateway.settled(1)).toMatchObject([{ state: 'delivered', attempts: 2 }]);
  });
});
