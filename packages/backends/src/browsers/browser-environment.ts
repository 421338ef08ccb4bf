import type { BrowserName } from '../backend/browser-name.js';
import type { PageFacts } from './wire/calls.js';

/** A browser and the page in it, as a record names them. */
export interface BrowserEnvironment extends PageFacts {
  readonly name: BrowserName;
  /** Of the browser. */
  readonly version: string;
  /** It ran without its sandbox, as it must where the user is root. */
  readonly withoutSandbox?: true;
}
