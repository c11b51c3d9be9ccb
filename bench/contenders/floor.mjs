// A bare node:http server that does the same durable work and nothing else: what this machine gives.
import { ServerProcess } from '../processes/server-process.mjs';
import { CLIENT, MERCHANT_GATEWAY_ID } from '../registry.mjs';

const ACCESS_TOKEN = Buffer.alloc(450, 'a').toString('base64url');

export const floor = {
  name: 'floor',

  start(database) {
    return ServerProcess.start({
      args: [`bench/floor/${database.engine}-intake.mjs`],
      env: {
        DATABASE: database.url ?? database.file,
        ACCESS_TOKEN,
        CLIENT_ID: CLIENT.clientId,
        MERCHANT_GATEWAY_ID,
      },
      readyPath: '/ready',
    });
  },

  async authorize() {
    return `Bearer ${ACCESS_TOKEN}`;
  },
};
