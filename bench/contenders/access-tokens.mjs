// Who gives access tokens, besides the gateway.
import { ServerProcess } from '../processes/server-process.mjs';
import { CLIENT } from '../registry.mjs';

export const floorOfAccessTokens = contender('floor', 'bench/floor/access-token.mjs', '/ready', '/oauth2/token');

export const oidcProvider = contender(
  'oidc-provider',
  'bench/peers/oidc-provider.mjs',
  '/.well-known/openid-configuration',
  '/token',
);

function contender(name, program, readyPath, path) {
  return {
    name,
    path,
    start: () =>
      ServerProcess.start({
        args: [program],
        env: { CLIENT_ID: CLIENT.clientId, CLIENT_SECRET: CLIENT.clientSecret },
        readyPath,
      }),
  };
}
