// Loaded into the gateway before anything else: tells, when asked, what is left in memory after a collection.
process.on('message', () => {
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  process.send({ keptBytes: heapUsed + external });
});
// Asking must not keep it from ending.
process.channel.unref();
