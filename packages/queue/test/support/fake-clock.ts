import { existsSync, writeFileSync } from 'node:fs';

/** Debian's library that fakes the clock. */
const library = ['x86_64', 'aarch64']
  .map((machine) => `/usr/lib/${machine}-linux-gnu/faketime/libfaketime.so.1`)
  .find((file) => existsSync(file));

export const hasFakeClock = library !== undefined;

/** A clock of processes that may be set while they run; their monotonic one stays as it is. */
export interface FakeClock {
  /** What those processes are started with. */
  readonly env: NodeJS.ProcessEnv;
  /** @param by seconds that it is off: `+3600`. */
  set(by: string): void;
}

/** @param file that holds by how much it is off, readable for all. */
export function fakeClock(file: string): FakeClock {
  const set = (by: string): void => writeFileSync(file, `${by}\n`, { mode: 0o644 });
  set('+0');
  return {
    env: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      // The file is read each time.
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    },
    set,
  };
}
