import { type ChildProcess, fork } from 'node:child_process';
import type { Readable } from 'node:stream';
import { printable } from '@retinabench/core';

/**
 * Fork a worker process that ends when this one does (`exitWithParent`). What it and the native code in it write to standard
 * output or standard error goes to this process's standard error line by line, control characters as escapes: the names
 * in a model's file come from anyone.
 */
export function forkWorker(module: URL): ChildProcess {
  const child = fork(module, [String(process.pid)], {
    serialization: 'advanced',
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  for (const stream of [child.stdout, child.stderr]) if (stream !== null) passOn(stream);
  return child;
}

/** Longest line that is waited for; what goes on without end is passed on in pieces. */
const longestLine = 64 * 1024;

function passOn(stream: Readable): void {
  let rest = '';
  const write = (text: string): void => {
    if (text !== '') process.stderr.write(printable(text));
  };
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const whole = (rest + text).lastIndexOf('\n') + 1;
    rest += text;
    const upTo = rest.length > longestLine ? rest.length : whole;
    write(rest.slice(0, upTo));
    rest = rest.slice(upTo);
  });
  stream.on('end', () => write(rest === '' ? '' : `${rest}\n`));
  stream.on('error', () => undefined);
}
