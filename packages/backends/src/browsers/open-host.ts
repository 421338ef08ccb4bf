import { BackendError } from '@retinabench/core';
import type { BrowserEnvironment } from '@retinabench/results';
import type { Backend, SessionOptions } from '../backend/backend.js';
import type { BrowserName } from '../backend/browser-name.js';
import { isWithoutSandbox } from './launch/browser-flags.js';
import { findBrowser } from './launch/find-browser.js';
import { withinStart } from './launch/within-start.js';
import { PageHost } from './page-host.js';

/** A page in a browser, and what it says of itself. */
export interface OpenedHost {
  readonly host: PageHost;
  readonly environment: BrowserEnvironment;
}

/**
 * Start a browser with the page for a runtime. Where that wants a GPU, an adapter of the hardware is asked for first, and one that
 * computes on the processor is taken where there is no other.
 *
 * @param options longest time of each answer of the page.
 *
 * @throws {BackendError} as PageHost.open; if the browser has no adapter at all.
 */
export async function openHost(
  browser: BrowserName,
  { id, gpu }: Pick<Backend, 'id' | 'gpu'>,
  { limitMs }: Pick<SessionOptions, 'limitMs'> = {},
): Promise<OpenedHost> {
  const place = `${browser}/${id}`;
  const attempts = gpu === 'webgpu' ? [false, true] : [false];
  for (const softwareAdapter of attempts) {
    const host = await PageHost.open(browser, place, {
      ...(gpu === undefined ? {} : { gpu, softwareAdapter }),
      ...(limitMs === undefined ? {} : { limitMs }),
    });
    try {
      const facts = await withinStart(
        host.ask('facts', gpu === undefined ? {} : { gpu }),
        (seconds) =>
          new BackendError(
            `backend ${place}: the page did not tell what it runs on within ${seconds} s; run retinabench doctor`,
          ),
      );
      if (gpu === undefined || facts.adapter !== undefined) {
        const found = findBrowser(browser);
        const environment: BrowserEnvironment = {
          name: browser,
          version: 'version' in found ? found.version : 'unknown',
          ...facts,
          ...(isWithoutSandbox(browser) ? { withoutSandbox: true } : {}),
        };
        return { host, environment };
      }
    } catch (error) {
      await host.close();
      throw error;
    }
    await host.close();
  }
  throw new BackendError(
    `backend ${place}: ${browser} has no ${gpu === 'webgl' ? 'WebGL 2' : 'WebGPU'} adapter here, not even one in software; ${browser === 'firefox' && gpu === 'webgl' ? 'give it a display (xvfb-run npx retinabench ...), or ' : ''}choose ${browser}/ort-wasm`,
  );
}
