import { type BrowserName, browserNames } from '../backend/browser-name.js';
import { driverRemedy, driverVersion } from '../browsers/launch/driver.js';
import { findBrowser } from '../browsers/launch/find-browser.js';
import { browserRuntimeIds } from './registry.js';

/** A browser that can be driven, and whether it is here. */
export interface BrowserState {
  readonly name: BrowserName;
  /** Ids of the backends in it. */
  readonly backends: readonly string[];
  /** The program, where it was found. */
  readonly executable?: string;
  readonly version?: string;
  /** Why it cannot be used, and what to do; absent where it can. */
  readonly missing?: { readonly reason: string; readonly remedy: string };
}

/** Which browsers are here; none is started, so that what they compute on is not known. Never throws. */
export function browserStates(): BrowserState[] {
  return browserNames.map((name) => {
    const backends = browserRuntimeIds.map((runtime) => `${name}/${runtime}`);
    const found = findBrowser(name);
    if ('reason' in found) return { name, backends, missing: found };
    const driver = driverVersion();
    const missing = { reason: 'puppeteer-core, which drives it, is not installed', remedy: driverRemedy };
    return { name, backends, ...found, ...(driver === undefined ? { missing } : {}) };
  });
}
