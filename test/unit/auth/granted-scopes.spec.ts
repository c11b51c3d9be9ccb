import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidAccessTokenRequest } from '../../../src/auth/auth-errors.js';
import { grantedScopes } from '../../../src/auth/token-endpoint/granted-scopes.js';

const scope = fc.constantFrom('a', 'b', 'c', 'd');
const scopes = fc.uniqueArray(scope);

describe('the scopes that a client is granted', () => {
  it('are all of its own where it asks for none', () => {
    fc.assert(
      fc.property(scopes, (allowed) => {
        expect(grantedScopes(undefined, allowed)).toEqual(allowed);
      }),
    );
  });

  it('are those it asks for, each once, or none at all', () => {
    fc.assert(
      fc.property(fc.array(scope, { minLength: 1 }), scopes, (requested, allowed) => {
        const grant = (): readonly string[] => grantedScopes(requested.join(' '), allowed);
        if (requested.some((each) => !allowed.includes(each))) expect(grant).toThrow(InvalidAccessTokenRequest);
        else expect(grant()).toEqual(requested.filter((each, index) => requested.indexOf(each) === index));
      }),
    );
  });

  it('are not told in the refusal', () => {
    expect(() => grantedScopes('guess', ['secret-scope'])).toThrow(
      expect.objectContaining({
        status: 400,
        oauthError: 'invalid_scope',
        message: 'scope holds a value that this client may not have',
      }) as Error,
    );
  });
});
