import { pathToFileURL } from 'node:url';
import { ProtocolError } from '@retinabench/core';
import type { RemoteFile } from './remote-file.js';

/**
 * The mirrors that `RETINABENCH_MIRROR` names, separated by spaces: `http:`, `https:` or `file:` URLs, or folders.
 *
 * @throws {ProtocolError} if one has another form.
 */
export function parseMirrors(value: string | undefined): string[] {
  return (value ?? '')
    .split(/\s+/)
    .filter((mirror) => mirror !== '')
    .map((mirror) => {
      if (/^(https?|file):\/\//i.test(mirror)) return mirror.replace(/\/+$/, '');
      if (/^[a-z][a-z0-9+.-]+:/i.test(mirror)) {
        throw new ProtocolError(`RETINABENCH_MIRROR: ${mirror} is not an http:, https: or file: URL, nor a folder`);
      }
      return pathToFileURL(mirror).href.replace(/\/+$/, '');
    });
}

/**
 * A file with its places on the mirrors, `<mirror>/<group>/<name>`, before its own URLs.
 *
 * @param group the data set's name, or `models`.
 */
export function withMirrors(file: RemoteFile, group: string, mirrors: readonly string[]): RemoteFile {
  const places = mirrors.map((mirror) => `${mirror}/${encodeURIComponent(group)}/${encodeURIComponent(file.name)}`);
  return { ...file, urls: [...places, ...file.urls] };
}
