import { type BrowserName, browserNames } from '../backend/browser-name.js';
import { driverRemedy, driverVersion } from '../browsers/launch/driver.js';
import { findBrowser } from '../browsers/launch/find-browser.js';
import { type FoundPage, findPage } from '../browsers/serve/served-folders.js';
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

/**
 * Which browsers are here; none is started, so that what they compute on is not known. Never throws.
 *
 * @param page what they would load: none can be used without it.
 */
export function browserStates(page: FoundPage = findPage()): BrowserState[] {
  return browserNames.map((name) => {
    const backends = browserRuntimeIds.map((runtime) => `${name}/${runtime}`);
    const found = findBrowser(name);
    if ('reason' in found) return { name, backends, missing: found };
    const isUndriven = name !== 'webkit' && driverVersion() === undefined;
    const missing = { reason: 'puppeteer-core, which drives it, is not installed', remedy: driverRemedy };
    if (isUndriven) return { name, backends, ...found, missing };
    return { name, backends, ...found, ...('reason' in page ? { missing: page } : {}) };
  });
}
