// The gateway exactly as `npm start` runs it, in production mode: all guards, validation and logs on.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ServerProcess } from '../processes/server-process.mjs';
import { BASIC } from '../registry.mjs';

const START_ARGS = JSON.parse(readFileSync('package.json', 'utf8')).scripts.start.split(' ').slice(1);

/** What all that work on one database share. */
export function settingsOf({ folder, url }) {
  return {
    MASTER_KEY: Buffer.alloc(32, 1).toString('base64'),
    DATA_DIR: folder,
    ...(url && { DATABASE_URL: url }),
  };
}

export const gateway = {
  name: 'gateway',

  /**
   * @param database as its engine made it
   * @param {{ env?: Record<string, string>, provision?: object, onSpawn?: (server) => void }} [options] `provision`: what to
   *   declare at this start; `onSpawn`: for who wants to watch it before it is ready
   */
  async start(database, { env = {}, provision, onSpawn } = {}) {
    const file = join(database.folder, 'provision.json');
    if (provision) writeFileSync(file, JSON.stringify(provision));
    return ServerProcess.start({
      args: START_ARGS,
      env: {
        HOST: '127.0.0.1',
        ...settingsOf(database),
        ...(provision && { PROVISION_FILE: file }),
        ...env,
      },
      readyPath: '/health/ready',
      onSpawn,
    });
  },

  /** @returns {Promise<string>} the Authorization that notifications are sent with */
  async authorize({ url }) {
    const answer = await fetch(`${url}/oauth2/token`, {
      method: 'POST',
      headers: { authorization: BASIC },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    return `Bearer ${(await answer.json()).access_token}`;
  },
};
