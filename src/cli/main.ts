#!/usr/bin/env node
import { EXIT } from './exit-codes.ts';
import { main } from './index.ts';
import { removeUnfinished } from './output.ts';

process.once('SIGINT', () => {
  removeUnfinished();
  process.exit(EXIT.interrupted);
});

// `forensics … | head` closes the pipe early: that is no error.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? EXIT.finished);
    throw error;
  });
}

process.exitCode = await main(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  stdin: process.stdin,
  env: process.env,
});
