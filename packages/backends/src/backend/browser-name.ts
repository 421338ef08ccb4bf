/** The browsers that can be driven. */
export const browserNames = ['chromium', 'firefox', 'webkit'] as const;
export type BrowserName = (typeof browserNames)[number];

/** A backend in a browser: `chromium/ort-wasm`. */
export interface BrowserBackendId {
  readonly browser: BrowserName;
  readonly runtime: string;
}

/** Read the id of a backend in a browser; undefined for one that names no browser. */
export function parseBrowserBackend(id: string): BrowserBackendId | undefined {
  const [name, ...rest] = id.split('/');
  const browser = browserNames.find((known) => known === name);
  return browser === undefined || rest.length === 0 ? undefined : { browser, runtime: rest.join('/') };
}
