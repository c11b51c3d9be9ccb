import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { AsyncLocalStorage } from 'node:async_hooks';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { HoldTimer } from './hold-timer.js';

/** How long nothing else ran before it is said aloud. */
const BLOCKED_MS = 200;
const LOOK_MS = 500;
const RESOLUTION_MS = 20;
/** How long every callback is timed when it is not known who did it: who does it again is known then. */
const SUSPICION_MS = 60_000;

/** What has been noticed of one handler since the start. */
export interface HandlerNotes {
  /** How often it held up the event loop. */
  readonly blocked: number;
  /** Calls that were given up at their deadline. */
  readonly timedOut: number;
  /** Of these, those that have not ended to this day. */
  readonly abandoned: number;
  /** Errors that it threw where nobody could catch them. */
  readonly stray: number;
}

const NOTHING: HandlerNotes = { blocked: 0, timedOut: 0, abandoned: 0, stray: 0 };

/**
 * Knows which of the teams' code runs, and names what does harm: holds up the event loop, never ends, throws into the void.
 * It shares the process with everything else, so the least that can be done is to say whose doing it was.
 *
 * A handler goes by its name; what else teams bring by what it is, too: `kind:bus`, `mapper:acme`, `filter:acme`,
 * `directory:acme`.
 */
@Injectable()
export class HandlerWatch implements OnApplicationShutdown {
  private readonly logger = new Logger(HandlerWatch.name);
  private readonly scope = new AsyncLocalStorage<string>();
  private readonly delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  private readonly notes = new Map<string, HandlerNotes>();
  private readonly running = new Map<string, number>();
  /** Who has run since the last look. */
  private readonly ran = new Set<string>();
  private readonly holds = new HoldTimer(this.scope, BLOCKED_MS, (name, heldMs) => this.held(name, heldMs));
  private lastHeldAtMs = Number.NEGATIVE_INFINITY;
  private timer: NodeJS.Timeout | undefined;

  /** Looks after the event loop from now on. Not called where there are no teams: that gateway pays nothing. */
  begin(): void {
    this.delay.enable();
    this.timer = setInterval(() => this.look(), LOOK_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
    this.delay.disable();
    this.holds.stop();
  }

  async run<T>(name: string, work: () => Promise<T>): Promise<T> {
    this.running.set(name, (this.running.get(name) ?? 0) + 1);
    this.ran.add(name);
    try {
      return await this.scope.run(name, () => this.timed(name, work));
    } finally {
      const left = (this.running.get(name) ?? 1) - 1;
      if (left === 0) this.running.delete(name);
      else this.running.set(name, left);
    }
  }

  /** The same for what does not wait for anything. */
  runSync<T>(name: string, work: () => T): T {
    this.ran.add(name);
    return this.scope.run(name, () => this.timed(name, work));
  }

  /** Whose code is running now: of an error that nobody catches, whose it is. */
  get current(): string | undefined {
    return this.scope.getStore();
  }

  /** A call that is no longer waited for. It may end yet. */
  abandon(name: string, call: Promise<unknown>): void {
    const { timedOut, abandoned } = this.of(name);
    this.note(name, { timedOut: timedOut + 1, abandoned: abandoned + 1 });
    const ended = (): void => this.note(name, { abandoned: this.of(name).abandoned - 1 });
    call.then(ended, ended);
  }

  abandonedOf(name: string): number {
    return this.of(name).abandoned;
  }

  strayed(name: string): void {
    this.note(name, { stray: this.of(name).stray + 1 });
  }

  read(): ReadonlyMap<string, HandlerNotes> {
    return this.notes;
  }

  /** What runs before the first `await` is timed always: that is where most of it happens, and it costs nothing. */
  private timed<T>(name: string, work: () => T): T {
    const startedAtMs = performance.now();
    try {
      return work();
    } finally {
      const heldMs = performance.now() - startedAtMs;
      if (heldMs >= BLOCKED_MS) this.held(name, heldMs);
    }
  }

  private held(name: string, heldMs: number): void {
    this.lastHeldAtMs = performance.now();
    this.note(name, { blocked: this.of(name).blocked + 1 });
    this.logger.warn({ msg: 'A handler held up the event loop', handler: name, heldMs: Math.round(heldMs) });
  }

  private look(): void {
    const heldMs = Math.round(this.delay.max / 1e6) - RESOLUTION_MS;
    this.delay.reset();
    const handlers = [...this.ran];
    this.ran.clear();
    for (const name of this.running.keys()) this.ran.add(name);
    // Of what has been told already the delay may show a look later.
    if (heldMs < BLOCKED_MS || performance.now() - this.lastHeldAtMs < 2 * LOOK_MS + heldMs) return;
    if (handlers.length === 0) return;
    // Not even one that was alone is blamed for that: it may have been the gateway itself, or the garbage collector.
    this.holds.runFor(SUSPICION_MS);
    this.logger.warn({ msg: 'The event loop was held up while handlers ran', handlers, heldMs });
  }

  private of(name: string): HandlerNotes {
    return this.notes.get(name) ?? NOTHING;
  }

  private note(name: string, change: Partial<HandlerNotes>): void {
    this.notes.set(name, { ...this.of(name), ...change });
  }
}
