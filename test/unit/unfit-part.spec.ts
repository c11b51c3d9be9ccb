import 'reflect-metadata';
import { expect, it } from 'vitest';
import { unfitPart } from '../../src/http/unfit-part.js';
import { parseProvisionFile } from '../../src/registry/provisioning/parse-provision-file.js';

it.each([
  ['{"a":{"constructor":1}}', ['a', 'constructor'], 'is not known'],
  ['{"a":[{"__proto__":{"b":1}}]}', ['a', 0, '__proto__'], 'is not known'],
  [`{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`, ['a', ...Array<number>(31).fill(0)], 'is nested too deeply'],
  ['{"a":["b","c\\u0000"]}', ['a', 1], 'holds a character that is no text'],
  ['{"a":"\\ud800"}', ['a'], 'holds a character that is no text'],
])('%.40s', (json, path, problem) => {
  expect(unfitPart(JSON.parse(json))).toEqual({ path, problem });
});

it('lets everything else pass', () => {
  expect(unfitPart({ a: [{ b: null, c: 1 }], toString: 'x', d: '\u{1F600}\n' })).toBeUndefined();
});

// Found by fuzzing: class-transformer took the value for a class, and failed with a TypeError.
it('a provisioning file with such a property is refused with its place', () => {
  expect(() => parseProvisionFile('p.json', '{"merchantGateways":[{"constructor":1}]}')).toThrow(
    'p.json:1: merchantGateways[0].constructor is not known',
  );
});
