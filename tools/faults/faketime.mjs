// Clocks of processes that may be set while they run, by libfaketime (apt-get install faketime); their monotonic clock stays right.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';

const library = spawnSync(
  'sh',
  [
    '-c',
    'ls /usr/lib/*/faketime/libfaketime.so.1 /usr/lib/faketime/libfaketime.so.1 /opt/homebrew/lib/faketime/libfaketime.so.1',
  ],
  { encoding: 'utf8' },
).stdout.split('\n')[0];

/** Whether it is installed. */
export const hasFaketime = library !== '';

/** A clock: what its processes are started with, and how it is set. @param file that holds by how much it is off. */
export function fakeClock(file) {
  const set = (offset) => writeFileSync(file, `${offset}\n`, { mode: 0o644 });
  set('+0');
  return {
    env: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      DONT_FAKE_MONOTONIC: '1',
    },
    set,
  };
}
