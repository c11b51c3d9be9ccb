import { createHook, type AsyncHook, type AsyncLocalStorage } from 'node:async_hooks';

/**
 * Times every callback of the event loop, and tells of those that took long whose code they were. It costs each of them a
 * little, so it runs only while somebody is suspected.
 */
export class HoldTimer {
  private readonly startedMs: number[] = [];
  private readonly hook: AsyncHook;
  private off: NodeJS.Timeout | undefined;

  /**
   * @param scope holds the name of whose code runs
   * @param longMs from when on a callback is told of
   */
  constructor(scope: AsyncLocalStorage<string>, longMs: number, onHeld: (name: string, heldMs: number) => void) {
    this.hook = createHook({
      before: () => void this.startedMs.push(performance.now()),
      after: () => {
        // One that had begun when the timer was set going is not known.
        const heldMs = performance.now() - (this.startedMs.pop() ?? Number.POSITIVE_INFINITY);
        const name = heldMs >= longMs ? scope.getStore() : undefined;
        if (name !== undefined) onHeld(name, heldMs);
      },
    });
  }

  /** From now on, for so long. */
  runFor(durationMs: number): void {
    clearTimeout(this.off);
    this.startedMs.length = 0;
    this.hook.enable();
    this.off = setTimeout(() => this.hook.disable(), durationMs).unref();
  }

  stop(): void {
    clearTimeout(this.off);
    this.hook.disable();
  }
}
