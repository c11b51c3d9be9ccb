import type { EventParts } from './event-factories.js';

const DEPTH = 2000;

/** Events that D1 may send, and that nobody expects. */
export const POISON: readonly [what: string, parts: EventParts][] = [
  ['no payload', { payload: undefined }],
  ['a payload that is null', { payload: null }],
  ['a payload that is a text', { payload: '\u0000 🃏 ; drop table students; --' }],
  ['a payload that is a number', { payload: 1e308 }],
  ['a payload that is a list', { payload: [[], {}, null] }],
  [
    'a payload that would be a prototype',
    { payload: JSON.parse('{"__proto__":{"state":"ACTIVE"},"constructor":null}') },
  ],
  ['a payload of great depth', { payload: nested(DEPTH) }],
  ['a payload of 64 KiB', { payload: { text: 'x'.repeat(64 * 1024) } }],
  ['the longest token id', { tokenId: 'a'.repeat(48) }],
  ['a token id of signs', { tokenId: '-_-' }],
  ['the longest correlation id', { correlationId: 'c'.repeat(64) }],
  ['a sequence of 53 bits', { sequence: Number.MAX_SAFE_INTEGER }],
];

function nested(depth: number): unknown {
  let value: unknown = null;
  for (let level = 0; level < depth; level += 1) value = { value };
  return value;
}
