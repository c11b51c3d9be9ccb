import { delivered, type Outcome } from '@gateway/merchant-kit';
import { expect, it } from 'vitest';
import { HandlerWatch } from '../../../src/delivery/destinations/handler/handler-watch.js';
import { TeamCall } from '../../../src/delivery/destinations/handler/team-call.js';

it('a handler whose calls never end gets no more of them once there are a hundred', async () => {
  const watch = new HandlerWatch();
  const call = new TeamCall('handler', watch, 1);
  const { signal } = new AbortController();
  const held: ((outcome: Outcome) => void)[] = [];
  const never = (): Promise<Outcome> => new Promise((resolve) => held.push(resolve));
  await Promise.all(Array.from({ length: 100 }, () => call.make('leaks', signal, never)));

  expect(await call.make('leaks', signal, never)).toEqual({
    kind: 'retry',
    reason: 'The handler has 100 calls that never ended',
  });
  expect(held).toHaveLength(100);
  expect(await call.make('another', signal, delivered)).toEqual({ kind: 'delivered' });

  for (const end of held) end(delivered());
  await expect.poll(() => watch.abandonedOf('leaks')).toBe(0);
  expect(await call.make('leaks', signal, delivered)).toEqual({ kind: 'delivered' });
});
