// What must not outlive the bench, however it ends: servers, clusters, folders.
const cleanUps = new Set();

process.on('exit', () => {
  for (const cleanUp of cleanUps) cleanUp();
});
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));

/** @param {() => void} cleanUp synchronous; may be called although there is nothing left to do */
export function atExit(cleanUp) {
  cleanUps.add(cleanUp);
}
