// What operators hand in: imports of tokens over HTTP, and provisioning files.
import 'reflect-metadata';
import fc from 'fast-check';
import { IDS } from '../support/gateway.mjs';
import { bytesOf, exchange, request } from '../support/raw.mjs';

const TARGET = `/registry/merchant-gateways/${IDS.merchantGatewayId}/merchants/${IDS.merchantId}/tokens/import`;
const text = fc.string({ unit: 'binary', maxLength: 40 });
const line = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9_-]{1,48}$/).map((id) => JSON.stringify({ id })),
  fc.json(),
  text,
  fc.constantFrom(
    '',
    '{"id":1}',
    '{"id":"a"',
    '[]',
    'null',
    '"',
    '"a","b"',
    'id',
    '\uFEFF{"id":"a"}',
    '{"id":"a"}'.repeat(50),
  ),
);

export const imports = {
  name: 'ndjson',
  arbitrary: fc.record({
    lines: fc.array(line, { maxLength: 10 }),
    eol: fc.constantFrom('\n', '\r\n', '\r'),
    type: fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom('application/x-ndjson', 'text/csv') },
      fc.constantFrom('application/json', ''),
    ),
  }),
  async check({ lines, eol, type }, { port, accessTokens }) {
    const headers = { authorization: `Bearer ${accessTokens.operator}`, 'content-type': type };
    const { statuses, received, isSilent } = await exchange(
      port,
      request('POST', TARGET, headers, bytesOf(lines.join(eol))),
    );
    if (isSilent) return 'no answer';
    if (![200, 400].includes(statuses[0])) return `answered ${statuses.join()}`;
    return statuses[0] === 200 && !received.includes('\r\n\r\n') ? 'an answer without an end' : undefined;
  },
};

const name = fc.constantFrom(
  'merchantGateways',
  'clients',
  'merchants',
  'tokens',
  'destinations',
  'id',
  'name',
  'clientId',
  'scopes',
  'url',
  'secret',
  'env',
  'file',
  'kind',
  '__proto__',
  'constructor',
);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.oneof(fc.constantFrom('MGW_000001', '10610027312', 'd1:notify', 'webhook', null, 1, true, '', -0), text),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(name, tie('value'), { maxKeys: 5, noNullPrototype: true }),
  ),
}));
const yaml = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'merchantGateways:',
        '- id: MGW_000001',
        '&a',
        '*a',
        '<<: *a',
        '!!js/function x',
        '? ',
        '|',
        '>-',
        '{',
        '}',
        '[',
        '\t',
        '%YAML 1.2',
        '---',
        '!!binary x',
      ),
      text,
    ),
    { maxLength: 8 },
  )
  .map((lines) => lines.join('\n'));

const { parseProvisionFile } = await import('../../dist/src/registry/provisioning/parse-provision-file.js');

export const provisioning = {
  name: 'provision',
  arbitrary: fc.record({
    text: fc.oneof(
      value.map((content) => JSON.stringify(content)),
      yaml,
      text,
    ),
  }),
  check({ text: content }) {
    try {
      parseProvisionFile('fuzz.yaml', content);
      return undefined;
    } catch (error) {
      // What is wrong is told with its line; anything else is a fault of ours.
      return error.name === 'ProvisionError' || error.name === 'ConfigurationError'
        ? undefined
        : `${error.name}: ${error.message}`;
    }
  },
};

const OPERATIONS = [
  ['POST', '/operations/deliveries/replay'],
  ['POST', '/registry/clients'],
  ['PUT', `/registry/merchant-gateways/${IDS.merchantGatewayId}/merchants/${IDS.merchantId}/destinations/fuzzed`],
];

export const bodies = {
  name: 'body',
  arbitrary: fc.record({
    operation: fc.nat(OPERATIONS.length - 1),
    body: fc.oneof(
      fc
        .dictionary(fc.oneof(name, text), value, { maxKeys: 5, noNullPrototype: true })
        .map((content) => JSON.stringify(content)),
      fc.json(),
      text,
      fc.nat(7000).map((depth) => `{"kind":${'['.repeat(depth)}${']'.repeat(depth)}}`),
    ),
  }),
  async check({ operation, body }, { port, accessTokens }) {
    const [method, target] = OPERATIONS[operation];
    const headers = { authorization: `Bearer ${accessTokens.operator}`, 'content-type': 'application/json' };
    const { statuses, isSilent } = await exchange(port, request(method, target, headers, bytesOf(body)));
    if (isSilent) return 'no answer';
    return [200, 201, 400, 404, 409].includes(statuses[0]) ? undefined : `answered ${statuses.join()}`;
  },
};
