import 'reflect-metadata';
import { expect, it } from 'vitest';
import { eventJson, eventWithPayload } from '../../../src/delivery/destinations/outgoing-event.js';
import { EVENT, OUTGOING } from './webhook/support.js';

it('writes the payload as it came', () => {
  const payloadJson = '{ "amount": 12345678901234567890, "rate": 1.0 }';

  expect(eventJson({ ...OUTGOING, payloadJson })).toBe(
    JSON.stringify(OUTGOING.event).replace(/\}\}$/, `,"payload":${payloadJson}}}`),
  );
});

it('writes what JSON.stringify would, where that loses nothing', () => {
  expect(eventJson(OUTGOING)).toBe(JSON.stringify(EVENT));
  expect(eventJson({ ...OUTGOING, payloadJson: null })).toBe(JSON.stringify(OUTGOING.event));
});

it('writes and reads a payload of any depth', () => {
  const payloadJson = '['.repeat(32_000) + ']'.repeat(32_000);

  expect(eventJson({ ...OUTGOING, payloadJson })).toContain(payloadJson);
  expect(eventWithPayload({ ...OUTGOING, payloadJson }).data.payload).toHaveLength(1);
});

it('leaves out a payload that cannot be read', () => {
  expect(eventWithPayload({ ...OUTGOING, payloadJson: '{' })).toEqual(OUTGOING.event);
  expect(eventWithPayload(OUTGOING)).toEqual(EVENT);
});
