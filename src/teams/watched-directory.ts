import type { TokenDirectory } from '@gateway/merchant-kit';
import type { HandlerWatch } from '../delivery/destinations/handler/handler-watch.js';

/** A directory whose calls are the team's by name, whatever they do; one that is given up at its time limit is counted. */
export function watchedDirectory(name: string, directory: TokenDirectory, watch: HandlerWatch): TokenDirectory {
  const { merchants, timeoutMs, rememberSeconds } = directory;
  return {
    merchants,
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(rememberSeconds !== undefined && { rememberSeconds }),
    has: (merchant, tokenId, signal) => {
      const call = watch.run(name, async () => directory.has(merchant, tokenId, signal));
      const onAbort = (): void => watch.abandon(name, call);
      const onSettled = (): void => signal.removeEventListener('abort', onAbort);
      signal.addEventListener('abort', onAbort, { once: true });
      call.then(onSettled, onSettled);
      return call;
    },
  };
}
