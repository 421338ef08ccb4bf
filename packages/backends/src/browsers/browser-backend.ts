import type { BrowserEnvironment } from '@retinabench/results';
import type { Availability, Backend, BackendId, RuntimeId, Session, SessionOptions } from '../backend/backend.js';
import type { BrowserName } from '../backend/browser-name.js';
import { packageVersion } from '../runtimes/package-version.js';
import { runtimePackages } from '../runtimes/runtime-packages.js';
import { HostedSession } from './hosted-session.js';
import { driverRemedy, driverVersion } from './launch/driver.js';
import { findBrowser } from './launch/find-browser.js';
import { openHost } from './open-host.js';
import { findPage } from './serve/served-folders.js';

/** Browsers that were started to see what they are, by the backend that asked. */
const environments = new Map<BackendId, Promise<BrowserEnvironment>>();

/** A runtime in a browser of this machine. Each session has a browser of its own, which ends with it. */
export class BrowserBackend implements Backend {
  readonly id: BackendId;
  readonly tolerance: Backend['tolerance'];
  readonly browser: BrowserName;
  /** The runtime as the page loads it. */
  readonly runtime: Backend;

  constructor(browser: BrowserName, runtime: Backend) {
    this.browser = browser;
    this.runtime = runtime;
    this.id = `${browser}/${runtime.id}`;
    this.tolerance = runtime.tolerance;
  }

  /** Whether browser, driver and page are here; whether the browser has what the runtime wants shows when it is started. */
  async availability(): Promise<Availability> {
    const found = findBrowser(this.browser);
    if ('reason' in found) return { available: false, ...found };
    if (this.browser !== 'webkit' && driverVersion() === undefined) {
      return {
        available: false,
        reason: 'puppeteer-core, which drives browsers, is not installed',
        remedy: driverRemedy,
      };
    }
    const page = findPage();
    return 'reason' in page ? { available: false, ...page } : { available: true };
  }

  /** Of runtime and browser: `1.30.0 in chromium 156.0.8078.108`. */
  async version(): Promise<string> {
    const found = findBrowser(this.browser);
    const name = runtimePackages[this.runtime.id as RuntimeId].at(-1) ?? '';
    return `${packageVersion(name) ?? 'unknown'} in ${this.browser} ${'version' in found ? found.version : '(absent)'}`;
  }

  /**
   * The browser as it will run, found out by starting it once in a process.
   *
   * @throws {BackendError} as openHost.
   */
  async environment(): Promise<BrowserEnvironment> {
    const known = environments.get(this.id) ?? this.#look();
    environments.set(this.id, known);
    return known;
  }

  async #look(): Promise<BrowserEnvironment> {
    const { host, environment } = await openHost(this.browser, this.runtime);
    await host.close();
    return environment;
  }

  async createSession(model: Uint8Array, place: string, options: SessionOptions): Promise<Session> {
    const { host } = await openHost(this.browser, this.runtime, options);
    const { threads } = options;
    try {
      const opened = await host.ask('open', { runtime: this.runtime.id, model: new Uint8Array(model), place, threads });
      return new HostedSession(host, opened, place);
    } catch (error) {
      await host.close();
      throw error;
    }
  }
}
