import { once } from 'node:events';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { withDeadline } from '../../../src/delivery/dispatcher/with-deadline.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('leaves no timer behind, however the work ends', async () => {
  expect(await withDeadline(1000, () => Promise.resolve('done'))).toBe('done');
  await expect(withDeadline(1000, () => Promise.reject(new Error('boom')))).rejects.toThrow('boom');

  expect(vi.getTimerCount()).toBe(0);
});

it('aborts the signal when the time is up', async () => {
  const aborted = withDeadline(1000, (signal) => once(signal, 'abort'));

  await vi.advanceTimersByTimeAsync(1000);

  expect(await aborted).toMatchObject([{ type: 'abort' }]);
});
