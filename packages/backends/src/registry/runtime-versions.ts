import type { BackendId, RuntimeId } from '../backend/backend.js';
import { parseBrowserBackend } from '../backend/browser-name.js';
import { parseDeviceBackend } from '../backend/device-name.js';
import { findBrowser } from '../browsers/launch/find-browser.js';
import { pageDigest } from '../browsers/serve/served-folders.js';
import { loadSharp } from '../image/load-sharp.js';
import { packageVersion } from '../runtimes/package-version.js';
import { runtimePackages } from '../runtimes/runtime-packages.js';

/**
 * Everything that others wrote and that takes part in a detection, with its version: what decodes and resizes images
 * (sharp, libvips), the packages of the backend, and its browser with the page in it.
 *
 * @returns package, library or program to version; one that is not installed is left out.
 * @throws {BackendError} if the page of a browser was not built.
 */
export function runtimeVersions(backend: BackendId): Record<string, string> {
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
  }
  return versions;
}
