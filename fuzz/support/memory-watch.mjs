import { growth, isLeak } from './growth.mjs';

/** How often memory is looked at, over the whole run. */
const SAMPLES = 40;
/** How often of them it is told. */
const TOLD = 8;

const mb = (bytes) => `${(bytes / 2 ** 20).toFixed(1)} MB`;

/** Looks at what the gateway keeps in memory as the cases go by. */
export class MemoryWatch {
  #samples = [];

  constructor(gateway, cases) {
    this.gateway = gateway;
    this.cases = cases;
  }

  /** To be called now and then, while nothing is under way. */
  async look(done) {
    if (!this.gateway.isUp() || done < (this.cases * (this.#samples.length + 1)) / SAMPLES) return;
    this.#samples.push({ cases: done, keptBytes: await this.gateway.keptBytes() });
    if (this.#samples.length % (SAMPLES / TOLD) > 0) return;
    const kept = this.#samples.at(-1).keptBytes;
    console.log(`${done} cases: ${mb(kept)} kept after a collection, RSS ${mb(this.gateway.rssBytes())}`);
  }

  /** What is wrong, where it grows with every case. */
  judge() {
    const slope = growth(this.#samples);
    if (!slope) return undefined;
    const { bytesPerCase, errorBytesPerCase } = slope;
    const told = `${bytesPerCase.toFixed(0)} ± ${errorBytesPerCase.toFixed(0)} bytes a case over the second half`;
    console.log(`Memory kept grew by ${told}`);
    return isLeak(slope) ? `memory grows by ${told}` : undefined;
  }
}
