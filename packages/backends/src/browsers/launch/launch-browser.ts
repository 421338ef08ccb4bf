import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { BackendError } from '@retinabench/core';
import type { Browser } from 'puppeteer-core';
import type { BrowserName } from '../../backend/browser-name.js';
import { WorkerLostError } from '../../workers/worker-lost-error.js';
import { browserArguments, browserEnvironment, firefoxPreferences, type LaunchOptions } from './browser-flags.js';
import {
  makeBrowserFolder,
  profileOf,
  removeBrowserFolder,
  sweepBrowserFolders,
  temporaryEnvironment,
} from './browser-folder.js';
import { loadDriver } from './driver.js';
import type { KeeperTask } from './keeper.js';
import { PipeTransport } from './pipe-transport.js';
import { withinStart } from './within-start.js';

/** The driver's own limits are none: what a step may take is decided here, by the load of the machine. */
const driverLimitMs = 0;

/** How long the end of a browser is waited for when its driver has lost it, milliseconds. */
export const lastWordsMs = 3000;

/** Characters of the browser's own messages that are kept, for the reason why it ended. */
const keptOutput = 2000;

/** What a browser tells of its page; WebKit's tells nothing. */
export interface PageEvents {
  onCrash(): void;
  onComplaint(message: string): void;
}

/** A browser that runs. */
export interface LaunchedBrowser {
  /** Open the page in it; comes back when the page was asked for, or later. */
  openPage(events: PageEvents): Promise<void>;
  /** How it ended, once it has. */
  readonly ended: Promise<string>;
  /** End it and remove its profile. A second call does nothing. */
  close(): Promise<void>;
}

/**
 * Start a browser of this machine with a fresh profile, without a window. It ends when this process does, however that ends
 * (keeper.ts), and its profile is removed with it.
 *
 * Chromium and Firefox are driven (puppeteer-core); WebKit is given the address of the page and nothing more.
 *
 * @throws {BackendError} if the driver is not installed, or the browser does not start in time (startLimitMs).
 * @throws {WorkerLostError} if the browser is killed, or crashes, before it can be driven.
 */
export async function launchBrowser(
  name: BrowserName,
  executable: string,
  options: LaunchOptions,
): Promise<LaunchedBrowser> {
  const driver = name === 'webkit' ? undefined : await loadDriver();
  sweepBrowserFolders();
  const folder = makeBrowserFolder();
  if (name === 'firefox') writeFileSync(path.join(profileOf(folder), 'user.js'), firefoxPreferences());
  const pipes = name === 'chromium';
  const task: KeeperTask = {
    executable,
    args: browserArguments(name, profileOf(folder), options),
    folder,
    env: { ...browserEnvironment(name, profileOf(folder)), ...temporaryEnvironment(folder) },
    pipes,
  };
  // From `src` (under a test runner) as well as from `dist`, the compiled keeper is three folders up, in `dist`.
  const keeperFile = fileURLToPath(new URL('../../../dist/browsers/launch/keeper.js', import.meta.url));
  const keeper = spawn(process.execPath, [keeperFile, JSON.stringify(task)], {
    stdio: ['pipe', 'ignore', 'pipe', ...(pipes ? (['pipe', 'pipe'] as const) : [])],
  });
  const output = keepOutput(keeper);
  const ended = endOf(keeper, output);
  keeper.once('exit', () => removeBrowserFolder(folder));
  const close = async (): Promise<void> => {
    keeper.stdin?.end();
    await ended;
  };
  const endedEarly = (how: string): BackendError => {
    const message = `${name} ended before it could be used: ${how}; ${startAdvice(output.text)}`;
    // One that was killed may start the next time; one that gives up does so again.
    return /^SIG/.test(how) ? new WorkerLostError(message) : new BackendError(message);
  };
  const failed = ended.then((how): never => {
    throw endedEarly(how);
  });
  failed.catch(() => undefined);
  if (driver === undefined) return { openPage: () => Promise.resolve(), ended, close };
  try {
    const connected = pipes
      ? driver.connect({
          transport: new PipeTransport(keeper.stdio[3] as Writable, keeper.stdio[4] as Readable),
          defaultViewport: null,
          protocolTimeout: driverLimitMs,
        })
      : output.find(/WebDriver BiDi listening on (ws:\S+)/).then((endpoint) =>
          driver.connect({
            browserWSEndpoint: `${endpoint}/session`,
            protocol: 'webDriverBiDi',
            defaultViewport: null,
            protocolTimeout: driverLimitMs,
          }),
        );
    connected.catch(() => undefined);
    const browser = await withinStart(
      Promise.race([connected, failed]),
      (seconds) => new BackendError(`${name} did not start within ${seconds} s; run retinabench doctor`),
    );
    return { openPage: (events) => openDrivenPage(browser, name, options.url, events), ended, close };
  } catch (error) {
    if (error instanceof BackendError) {
      await close();
      throw error;
    }
    // A driver whose connection closes hears of it before anyone hears why the browser ended.
    const how = await Promise.race([ended, setTimeout(lastWordsMs, undefined, { ref: false })]);
    await close();
    if (how !== undefined) throw endedEarly(how);
    throw new BackendError(`${name} cannot be driven: ${(error as Error).message}; run retinabench doctor`, {
      cause: error,
    });
  }
}

/** The driver's own limit of half a minute for a page is too short for a machine with other work. */
async function openDrivenPage(browser: Browser, name: BrowserName, url: string, events: PageEvents): Promise<void> {
  if (name === 'chromium') await watchPages(browser, events);
  const page = await browser.newPage();
  page.on('error', () => events.onCrash());
  page.on('pageerror', (error) => events.onComplaint((error as Error).message));
  await page.goto(url, { timeout: driverLimitMs });
}

/** Hear of a page that crashes while it is made, when nobody can listen to it yet: the driver would wait for it for half a minute. */
async function watchPages(browser: Browser, events: PageEvents): Promise<void> {
  const session = await browser.target().createCDPSession();
  session.on('Target.targetCrashed', () => events.onCrash());
  await session.send('Target.setDiscoverTargets', { discover: true });
}

/** The last words of a process, and what one may wait for in them. */
interface Output {
  readonly text: string;
  find(pattern: RegExp): Promise<string>;
}

function keepOutput(keeper: ChildProcess): Output {
  let text = '';
  let waiting: (() => void) | undefined;
  keeper.stderr?.setEncoding('utf8');
  keeper.stderr?.on('data', (piece: string) => {
    text = (text + piece).slice(-keptOutput);
    waiting?.();
  });
  return {
    get text() {
      return text;
    },
    find: (pattern) =>
      new Promise((resolve) => {
        waiting = () => {
          const found = pattern.exec(text)?.[1];
          if (found !== undefined) resolve(found);
        };
        waiting();
      }),
  };
}

function endOf(keeper: ChildProcess, output: Output): Promise<string> {
  return new Promise((resolve) => {
    keeper.once('error', (error) => resolve(error.message));
    keeper.once('exit', (code, signal) => resolve(describeEnd(signal ?? code, output.text)));
  });
}

function describeEnd(end: number | NodeJS.Signals | null, text: string): string {
  const signal =
    typeof end === 'number' && end > 128
      ? Object.entries(os.constants.signals).find(([, number]) => number === end - 128)?.[0]
      : undefined;
  const last = text
    .trim()
    .split('\n')
    .filter((line) => /error|fatal|cannot|failed|sandbox/i.test(line))
    .at(-1);
  return `${signal ?? (typeof end === 'number' ? `exit code ${end}` : end)}${last === undefined ? '' : `, ${last.trim()}`}`;
}

function startAdvice(text: string): string {
  return /sandbox/i.test(text)
    ? 'allow unprivileged user namespaces, or start it without its sandbox: RETINABENCH_BROWSER_SANDBOX=off'
    : 'try to start it by hand, and run retinabench doctor';
}
