// panva/node-oidc-provider for client_credentials, with the same kind of access token: a JWT for one audience, ES256.
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

const { CLIENT_ID, CLIENT_SECRET, PORT, PUBLIC_URL } = process.env;
const SCOPE = 'd1:notify';
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

const provider = new Provider(PUBLIC_URL, {
  clients: [
    {
      client_id: CLIENT_ID,
      client_secret: CLIENT_SECRET,
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
      id_token_signed_response_alg: 'ES256',
      scope: SCOPE,
    },
  ],
  scopes: [SCOPE],
  jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'ES256' }] },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => PUBLIC_URL,
      getResourceServerInfo: () => ({
        scope: SCOPE,
        audience: PUBLIC_URL,
        accessTokenTTL: 900,
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: 'ES256' } },
      }),
    },
  },
  ttl: { ClientCredentials: 900 },
});

createServer(provider.callback()).listen(Number(PORT), '127.0.0.1');
