import { afterAll, beforeAll, expect, it } from 'vitest';
import { GatewayProcess } from '../support/gateway-process.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

/** Says on standard error what is loaded from where it was installed. */
const SAYING_WHAT_IS_LOADED = `
  import { register } from 'node:module';
  const hook = \`
    import { writeSync } from 'node:fs';
    export const load = (url, context, next) => {
      writeSync(2, 'loaded ' + url + '\\\\n');
      return next(url, context);
    };\`;
  register('data:text/javascript,' + encodeURIComponent(hook));
`;

let database: TestDatabase;
let gateway: GatewayProcess;
beforeAll(async () => {
  database = await createTestDatabase();
  gateway = await GatewayProcess.start(database, {
    NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(SAYING_WHAT_IS_LOADED)}`,
  });
});
afterAll(async () => {
  await gateway.end();
  await database.drop();
});

it.each([
  '/health/ready',
  '/health/handlers',
  '/docs',
  '/docs/swagger-ui.css',
  '/console',
  '/console/uplot.js',
  '/metrics',
])('has in the bundle, or finds beside it, what %s needs', async (path) => {
  expect((await fetch(`${gateway.url}${path}`)).status).toBe(200);
});

it('starts from few files, and has no other Nest beside the bundled one', () => {
  const loaded = gateway.stderr.match(/(?<=^loaded file:).*$/gm) ?? [];

  expect(loaded.filter((file) => file.includes('/dist/')).length).toBeGreaterThan(1);
  expect(loaded.filter((file) => file.includes('/dist/')).length).toBeLessThan(20);
  expect(loaded.filter((file) => file.includes('/node_modules/@nestjs/'))).toEqual([]);
});
