#!/usr/bin/env node
import { main } from './cli/main.js';

const interrupted = new AbortController();
const stop = (): void => interrupted.abort();
// Once: a second Ctrl-C ends the process, as ever.
process.once('SIGINT', stop).once('SIGTERM', stop);
// Whoever read the lines (head, grep -m) has gone.
process.stdout.once('error', stop).on('error', () => undefined);

process.exitCode = await main(process.argv.slice(2), interrupted.signal);
