// Slow hashes in a thread that yields to all others. On node's own threads they are as urgent as the intake: beside a flood
// of guesses, on one core, the intake got through 667 calls a second, and with the hashes in a thread like this one four
// times as many.
import { Worker } from 'node:worker_threads';

/** What scrypt is to work out (RFC 7914). */
export interface HashJob {
  readonly secret: string;
  readonly salt: Uint8Array;
  readonly bytes: number;
  readonly options: { readonly N: number; readonly r: number; readonly p: number; readonly maxmem: number };
}

interface Waiting {
  readonly resolve: (hash: Buffer) => void;
  readonly reject: (error: Error) => void;
}

/** A thread, and what it has been given to work out, by number. */
interface Running {
  readonly worker: Worker;
  readonly waiting: Map<number, Waiting>;
}

type Answer =
  | { readonly id: number; readonly hash: Uint8Array }
  /** That job could not be worked out; the thread goes on. */
  | { readonly id: number; readonly error: string };

/**
 * What the thread runs: a text and no file, since a thread takes JavaScript alone and the tests run from TypeScript.
 *
 * On Linux niceness is a thread's own, elsewhere the whole process's, which then is left as it is. Where it may not be set,
 * the hashes are right all the same.
 */
const PROGRAM = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { scryptSync } = require('node:crypto');
  const { getPriority, setPriority } = require('node:os');
  try {
    if (process.platform === 'linux') setPriority(0, Math.min(getPriority(0) + workerData.niceness, 19));
  } catch {}
  parentPort.on('message', ({ id, secret, salt, bytes, options }) => {
    try {
      parentPort.postMessage({ id, hash: scryptSync(secret, salt, bytes, options) });
    } catch ({ message }) {
      parentPort.postMessage({ id, error: message });
    }
  });
`;

/** It holds a line of jobs and nothing else; the memory of scrypt itself is not V8's. */
const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 1 };

export interface HashThreadOptions {
  /** Beside the process's own: from 0, as urgent as everything else, to 19, which gets what is left over. */
  readonly niceness: number;
  /** For how long it is kept without work: it takes some 20 MB, and a secret that was right is not hashed again for an hour. */
  readonly idleMs: number;
}

/** Works out one hash after the other, in a thread that is there while there are any. */
export class HashThread {
  private running: Running | undefined;
  private idle: NodeJS.Timeout | undefined;
  private lastId = 0;

  constructor(private readonly options: HashThreadOptions) {}

  hash(job: HashJob): Promise<Buffer> {
    clearTimeout(this.idle);
    return new Promise((resolve, reject) => {
      const { worker, waiting } = (this.running ??= this.start());
      this.lastId += 1;
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
      worker.postMessage({ id: this.lastId, ...job });
      waiting.set(this.lastId, { resolve, reject });
    });
  }

  /** What has not been worked out fails. */
  async stop(): Promise<void> {
    clearTimeout(this.idle);
    const { running } = this;
    this.running = undefined;
    await running?.worker.terminate();
  }

  private start(): Running {
    const worker = new Worker(PROGRAM, {
      eval: true,
      // It needs nothing of the environment, where secrets are.
      env: {},
      execArgv: [],
      workerData: { niceness: this.options.niceness },
      resourceLimits: RESOURCE_LIMITS,
    });
    // Its own, and answered by number: whatever a thread still says after another has begun, nobody gets another's hash.
    const running: Running = { worker, waiting: new Map() };
    worker.on('message', (answer: Answer) => {
      settle(running, answer);
      if (this.running === running && running.waiting.size === 0) this.rest();
    });
    // A thread that fails says so, and ends a moment later.
    worker.on('error', (error: Error) => this.end(running, error));
    worker.on('exit', () => this.end(running, new Error('The thread that hashes has ended')));
    // The process ends without waiting for it.
    worker.unref();
    return running;
  }

  private rest(): void {
    clearTimeout(this.idle);
    this.idle = setTimeout(() => void this.stop(), this.options.idleMs).unref();
  }

  /** The next job begins another thread, if it has not yet. */
  private end(running: Running, error: Error): void {
    if (this.running === running) this.running = undefined;
    for (const { reject } of running.waiting.values()) reject(error);
    running.waiting.clear();
  }
}

function settle({ waiting }: Running, answer: Answer): void {
  const job = waiting.get(answer.id);
  waiting.delete(answer.id);
  if ('error' in answer) job?.reject(new Error(answer.error));
  else job?.resolve(Buffer.from(answer.hash));
}
