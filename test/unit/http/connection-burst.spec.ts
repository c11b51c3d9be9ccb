import { EventEmitter } from 'node:events';
import type { Server } from 'node:net';
import { beforeEach, describe, expect, it } from 'vitest';
import { ConnectionBurst } from '../../../src/http/connection-burst.js';

describe('a burst of connections', () => {
  let server: EventEmitter;
  let burst: ConnectionBurst;
  beforeEach(() => {
    server = new EventEmitter();
    burst = new ConnectionBurst();
    burst.watch(server as Server);
  });

  /** Turns of the event loop, a millisecond each, in which a connection is taken. */
  const turns = (fromMs: number, count: number): boolean[] =>
    Array.from({ length: count }, (_, turn) => {
      server.emit('connection');
      return burst.isOn(fromMs + turn);
    });

  it('is on while a connection is taken in each turn, and off in the first without one', () => {
    expect(burst.isOn(0)).toBe(false);
    expect(turns(1, 3)).toEqual([true, true, true]);
    expect(burst.isOn(4)).toBe(false);
    expect(turns(5, 3)).toEqual([true, true, true]);
  });

  it('holds nothing back for longer than 5 ms, nor for more than half of the time', () => {
    const held = turns(0, 1000);
    expect(held.slice(0, 5)).toEqual([true, true, true, true, true]);
    expect(held[5]).toBe(false);
    expect(held.filter(Boolean).length).toBeLessThanOrEqual(500);
    expect(held.lastIndexOf(true)).toBeGreaterThan(990);
  });
});
