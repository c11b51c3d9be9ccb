// Somebody who guesses the client's secret, on many connections, as fast as answers come.
import { Pool } from 'undici';
import { CLIENT } from '../registry.mjs';

const CONNECTIONS = 128;

export class GuessFlood {
  guesses = 0;
  going = true;

  /** @param {string} url of the server */
  static start(url) {
    const flood = new GuessFlood();
    flood.pool = new Pool(url, { connections: CONNECTIONS });
    flood.loops = Array.from({ length: CONNECTIONS }, (_, nth) => flood.#guess(nth));
    return flood;
  }

  async #guess(nth) {
    for (let turn = 0; this.going; turn += 1) {
      // Each another secret: the same one, asked for again, would be checked once.
      const basic = Buffer.from(`${CLIENT.clientId}:guess-${nth}-${turn}`).toString('base64');
      const headers = { authorization: `Basic ${basic}`, 'content-type': 'application/x-www-form-urlencoded' };
      const answer = await this.pool.request({
        path: '/oauth2/token',
        method: 'POST',
        headers,
        body: 'grant_type=client_credentials',
      });
      await answer.body.dump();
      if (answer.statusCode === 200) throw new Error('A guess was right');
      this.guesses += 1;
    }
  }

  /** @returns how many guesses were answered */
  async stop() {
    this.going = false;
    await Promise.all(this.loops);
    await this.pool.close();
    return this.guesses;
  }
}
