// What arrives while a batch is being written is the next batch: as many as there are share one commit.

/**
 * @param {(calls: object[]) => void | Promise<void>} write resolves when all of them are on disk
 * @param {{ maxCalls: number, maxConcurrent: number }} limits
 * @returns {(call: { response: import('node:http').ServerResponse }) => void} answers the call when it is on disk
 */
export function groupCommit(write, { maxCalls, maxConcurrent }) {
  let waiting = [];
  let writing = 0;
  let scheduled = false;

  const flush = async () => {
    scheduled = false;
    const batch = waiting.length > maxCalls ? waiting.splice(0, maxCalls) : waiting;
    if (batch === waiting) waiting = [];
    writing += 1;
    let status = 204;
    try {
      await write(batch);
    } catch (error) {
      console.error(error);
      status = 503;
    }
    writing -= 1;
    schedule();
    for (const { response, isUnknown } of batch) response.writeHead(isUnknown ? 404 : status).end();
  };
  const schedule = () => {
    if (scheduled || writing >= maxConcurrent || waiting.length === 0) return;
    scheduled = true;
    setImmediate(() => void flush());
  };
  return (call) => {
    waiting.push(call);
    schedule();
  };
}
