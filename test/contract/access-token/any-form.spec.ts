import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestGateway } from '../../support/test-gateway.js';
import { askForToken, badRequest, FORM, granted, seen } from './token-call.js';

const ANYTHING = expect.any(String) as string;
const INVALID_REQUEST = badRequest(ANYTHING, 'invalid_request');
const UNSUPPORTED_GRANT = badRequest(ANYTHING, 'unsupported_grant_type');
const INVALID_SCOPE = badRequest(ANYTHING, 'invalid_scope');

const AT_ONCE = 8;
const RUNS = 60;

interface Parameter {
  readonly name: string;
  readonly value: string;
}

const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const parameter = fc.record({
  name: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom('grant_type', 'scope') },
    { weight: 1, arbitrary: fc.oneof(text, fc.constantFrom('grant_type[]', 'Scope', '__proto__', 'constructor', '')) },
  ),
  value: fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom('client_credentials', 'd1:notify') },
    { weight: 2, arbitrary: fc.oneof(text, fc.constantFrom('', ' ', 'd1:notify d1:notify', 'gateway:operate')) },
  ),
});
const good: Parameter = { name: 'grant_type', value: 'client_credentials' };
const parameters = fc.oneof(fc.array(parameter, { maxLength: 4 }), fc.tuple(fc.constant(good), parameter, parameter));

describe('any form', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await TestGateway.start();
  });
  afterAll(() => gateway.close());

  it('is judged by its grant_type and scope alone', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(parameters, { minLength: AT_ONCE, maxLength: AT_ONCE }), async (forms) => {
        const answers = await Promise.all(forms.map((form) => askForToken(gateway, { form: encode(form) })));
        for (const [index, answer] of answers.entries()) {
          const form = forms[index] ?? [];
          const right = rightAnswers(form);
          expect([form, right]).toEqual([
            form,
            expect.arrayContaining([expect.objectContaining({ status: answer.status })]),
          ]);
          expect(
            right.some((each) => matches(seen(answer), each)),
            `${encode(form)}: ${answer.body}`,
          ).toBe(true);
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('of any bytes is refused, and the gateway goes on', async () => {
    const bytes = fc.uint8Array({ maxLength: 300 }).map((values) => Buffer.from(values));
    await fc.assert(
      fc.asyncProperty(fc.array(bytes, { minLength: AT_ONCE, maxLength: AT_ONCE }), async (forms) => {
        for (const answer of await Promise.all(forms.map((form) => askForToken(gateway, { form })))) {
          expect(seen(answer)).toEqual(INVALID_REQUEST);
        }
        expect(seen(await askForToken(gateway))).toEqual(granted());
      }),
      { numRuns: RUNS },
    );
  });

  it('is read under no content type but its own', async () => {
    const word = fc.string({ unit: fc.constantFrom(...'aZ09-+/;=, "*\t\xE9'), maxLength: 12 });
    const contentType = fc.oneof(
      word,
      fc
        .tuple(fc.constantFrom(FORM, 'application/json', 'text/plain', '*/*', FORM.toUpperCase()), word)
        .map((all) => all.join('')),
      word.map((parameters) => `${FORM};${parameters}`),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(contentType, { minLength: AT_ONCE, maxLength: AT_ONCE }), async (contentTypes) => {
        const answers = await Promise.all(contentTypes.map((contentType) => askForToken(gateway, { contentType })));
        for (const [index, answer] of answers.entries()) {
          const contentType = contentTypes[index] ?? '';
          const [mediaType = ''] = contentType.toLowerCase().split(';');
          const expected = mediaType.trim() === FORM ? granted() : badRequest(`Content-Type is not ${FORM}`);
          expect([contentType, seen(answer)]).toEqual([contentType, expected]);
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('is not changed by any query string', async () => {
    const query = fc.string({
      unit: fc.constantFrom(...'aZ09%&=+?/;:@.-_~[]grant_type=', '%00', '%zz'),
      maxLength: 60,
    });
    await fc.assert(
      fc.asyncProperty(fc.array(query, { minLength: AT_ONCE, maxLength: AT_ONCE }), async (queries) => {
        const paths = queries.map((query) => `/oauth2/token?${query}`);
        const answers = await Promise.all(paths.map((path) => askForToken(gateway, { path })));
        for (const [index, answer] of answers.entries()) {
          expect([paths[index], seen(answer)]).toEqual([paths[index], granted()]);
        }
      }),
      { numRuns: RUNS },
    );
  });
});

function encode(form: readonly Parameter[]): string {
  return form.map(({ name, value }) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');
}

/** Every answer that names something that is wrong with the form; the one for a good form where nothing is. */
function rightAnswers(form: readonly Parameter[]): object[] {
  const valuesOf = (name: string): string[] => form.filter((each) => each.name === name).map(({ value }) => value);
  const [grants, scopes] = [valuesOf('grant_type'), valuesOf('scope')];
  const unknownScope = scopes.some((scope) => scope !== '' && !/^d1:notify( d1:notify)*$/.test(scope));
  const faults = [
    ...(grants.length > 1 || scopes.length > 1 || grants.join('') === '' ? [INVALID_REQUEST] : []),
    ...(grants.some((grant) => grant !== '' && grant !== good.value) ? [UNSUPPORTED_GRANT] : []),
    ...(unknownScope ? [INVALID_SCOPE] : []),
  ];
  return faults.length > 0 ? faults : [granted()];
}

function matches(actual: object, expected: object): boolean {
  try {
    expect(actual).toEqual(expected);
    return true;
  } catch {
    return false;
  }
}
