// A server with a database of its own, and the account of what it has answered.
import { notifyUpdate } from '../load/load.mjs';
import { notifyPath, TOKENS } from '../registry.mjs';

const WARM_UP_CONNECTIONS = 64;

export class Contestant {
  /**
   * @param engine of the database
   * @param contender who is started
   * @param base the database that it gets a copy of
   * @param {object} [options] of the contender
   */
  static async start(engine, contender, base, options) {
    const database = contender.hasOwnSchema ? await engine.empty() : await engine.copy(base);
    const contestant = new Contestant();
    Object.assign(contestant, { engine, contender, database, name: contender.name, answered: 0, abandoned: 0 });
    contestant.before = contender.hasOwnSchema ? 0 : await engine.count(database, 'notifications');
    try {
      contestant.server = await contender.start(database, options);
      contestant.authorization = await contender.authorize(contestant.server);
      await contestant.assertAnswers204();
    } catch (error) {
      await contestant.close();
      throw error;
    }
    return contestant;
  }

  async notify({ connections, seconds, tokens = TOKENS }) {
    const { url } = this.server;
    const result = await notifyUpdate({ url, authorization: this.authorization, connections, seconds, tokens });
    this.answered += result.requests;
    // The generator hangs up on what is under way when its time is over.
    this.abandoned += connections;
    return result;
  }

  warmUp(seconds) {
    return this.notify({ connections: WARM_UP_CONNECTIONS, seconds });
  }

  /** Stops it, and fails unless its database has what it has answered. */
  async settle() {
    await this.server.stop();
    const stored = (await this.engine.count(this.database, 'notifications')) - this.before;
    if (stored < this.answered || stored > this.answered + this.abandoned) {
      throw new Error(`${this.name}: ${this.answered} notifications were answered with 204, ${stored} are on disk`);
    }
  }

  async close() {
    await this.server?.stop();
    await this.engine.drop(this.database);
  }

  /** The generator counts statuses by their first digit only. */
  async assertAnswers204() {
    const { status } = await fetch(`${this.server.url}${notifyPath()}`, {
      method: 'POST',
      headers: { authorization: this.authorization },
    });
    if (status !== 204) throw new Error(`${this.name} answers ${status}`);
    this.answered += 1;
  }
}
