import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { browserArguments, firefoxPreferences } from '../../src/browsers/launch/browser-flags.js';
import { launchBrowser } from '../../src/browsers/launch/launch-browser.js';
import { WorkerLostError } from '../../src/workers/worker-lost-error.js';

const before = process.env.TMPDIR;
let temporary: string;

beforeAll(() => {
  temporary = mkdtempSync(path.join(os.tmpdir(), 'launch-browser-'));
  process.env.TMPDIR = temporary;
});
afterAll(() => {
  if (before === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = before;
  rmSync(temporary, { recursive: true, force: true });
});

const url = 'http://127.0.0.1:9/';

describe.skipIf(os.platform() === 'win32')('a browser that ends while it starts (skipped on Windows)', () => {
  test.each(['chromium', 'firefox'] as const)(
    "%s: the reason is its own, not its driver's, and nothing is left",
    async (name) => {
      const file = path.join(temporary, 'refuses');
      writeFileSync(file, '#!/bin/sh\necho "Running as root without --no-sandbox is not supported" >&2\nexit 7\n');
      chmodSync(file, 0o755);
      await expect(launchBrowser(name, file, { url })).rejects.toThrow(
        `${name} ended before it could be used: exit code 7, Running as root without --no-sandbox is not supported; allow unprivileged user namespaces, or start it without its sandbox: RETINABENCH_BROWSER_SANDBOX=off`,
      );
      expect(readdirSync(temporary).filter((entry) => entry.startsWith('retinabench-browser-'))).toEqual([]);
    },
  );

  test('is lost, and may start the next time, where it was killed', async () => {
    const file = path.join(temporary, 'killed');
    writeFileSync(file, '#!/bin/sh\nkill -9 $$\n');
    chmodSync(file, 0o755);
    const launched = launchBrowser('chromium', file, { url });
    await expect(launched).rejects.toThrow(WorkerLostError);
    await expect(launched).rejects.toThrow(/^chromium ended before it could be used: SIGKILL; /);
  });
});

test('no browser is led to a proxy, whatever the environment names: its page lies on the loopback address', () => {
  expect(browserArguments('chromium', 'profile', { url })).toContain('--no-proxy-server');
  expect(firefoxPreferences()).toContain('user_pref("network.proxy.type", 0);');
});
