import { expect, it } from 'vitest';
import { untilElapsed } from '../../../src/auth/clients/until-elapsed.js';

it('a refusal is never answered before its time', async () => {
  const startedMs = performance.now();
  await Promise.all(
    [20, 20.4, 28].map(async (ms) => {
      await untilElapsed(ms, startedMs);
      expect(performance.now() - startedMs).toBeGreaterThanOrEqual(ms);
    }),
  );
});
