import type { BackendId, RuntimeId } from '../backend/backend.js';
import { parseBrowserBackend } from '../backend/browser-name.js';
import { parseDeviceBackend } from '../backend/device-name.js';
import { findBrowser } from '../browsers/launch/find-browser.js';
import { pageDigest } from '../browsers/serve/served-folders.js';
import { loadSharp } from '../image/load-sharp.js';
import { packageVersion } from '../runtimes/package-version.js';
import { runtimePackages } from '../runtimes/runtime-packages.js';
import { browserEnvironments } from './browser-environments.js';

/**
 * Everything that others wrote and that takes part in a detection, with its version: what decodes and resizes images
 * (sharp, libvips), the packages of the backend, its browser with the page in it, and what that computes on behind its interface
 * to a GPU.
 *
 * @returns package, library or program to version; one that is not installed is left out.
 * @throws {BackendError} if a browser is missing, does not start, or its page was not built.
 */
export async function runtimeVersions(backend: BackendId): Promise<Record<string, string>> {
  const inBrowser = parseBrowserBackend(backend);
  const runtime = (inBrowser?.runtime ?? (parseDeviceBackend(backend) ? 'ort-node' : backend)) as RuntimeId;
  const versions: Record<string, string> = { libvips: loadSharp().versions.vips };
  for (const name of ['sharp', ...runtimePackages[runtime]]) {
    const version = packageVersion(name);
    if (version !== undefined) versions[name] = version;
  }
  if (inBrowser !== undefined) {
    const found = findBrowser(inBrowser.browser);
    if ('version' in found) versions[inBrowser.browser] = found.version;
    versions.page = pageDigest();
    for (const { name, adapter } of Object.values(await browserEnvironments([backend]))) {
      if (adapter !== undefined) versions[`${name} ${adapter.api}`] = adapter.name;
    }
  }
  return versions;
}
