/**
 * Gives work a signal that is aborted when its time is up. Unlike `AbortSignal.timeout` it leaves no timer behind when the
 * work has ended, and there are thousands of tries a second.
 */
export async function withDeadline<T>(timeoutMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new DOMException('The time is up', 'TimeoutError')), timeoutMs);
  try {
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
  }
}
