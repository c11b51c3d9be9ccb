// What a team would write first: `peers/nest-express`.
import { SignJWT } from 'jose';
import { execFileSync } from 'node:child_process';
import { ServerProcess } from '../processes/server-process.mjs';
import { CLIENT, MERCHANT_GATEWAY_ID, MERCHANT_ID, TOKEN_PREFIX, TOKENS } from '../registry.mjs';

const JWT_SECRET = 'a secret of 256 bits for the bench';
const REGISTRY = JSON.stringify({
  merchantGatewayId: MERCHANT_GATEWAY_ID,
  merchantId: MERCHANT_ID,
  tokenPrefix: TOKEN_PREFIX,
  tokens: TOKENS,
});

let isBuilt = false;

export const nestExpress = {
  name: 'Nest on Express',
  /** It makes its own tables, and fills them at start. */
  hasOwnSchema: true,

  async start(database) {
    if (!isBuilt) execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'bench/tsconfig.json']);
    isBuilt = true;
    return ServerProcess.start({
      args: ['dist/bench/peers/nest-express/main.js'],
      env: {
        JWT_SECRET,
        REGISTRY,
        ...(database.url ? { DATABASE_URL: database.url } : { DATABASE_FILE: database.file }),
      },
      readyPath: '/ready',
    });
  },

  async authorize() {
    const accessToken = await new SignJWT({ client_id: CLIENT.clientId, scope: 'd1:notify' })
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime('1h')
      .sign(new TextEncoder().encode(JWT_SECRET));
    return `Bearer ${accessToken}`;
  },
};
