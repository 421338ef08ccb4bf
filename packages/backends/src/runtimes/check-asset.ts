import type { Availability } from '../backend/backend.js';

/** What a file has to be. */
export type AssetKind = 'wasm' | 'script';

/** Files that were there once; what was missing may have been added since. */
const served = new Set<string>();

/**
 * Look whether a server gives a file that a runtime is about to load: only its first bytes are read. A server that knows no such
 * file often answers with the page of the application, which a runtime then reports as a broken model or not at all.
 *
 * @param url absolute.
 * @param remedy what to do where it does not.
 */
export async function checkAsset(url: string, kind: AssetKind, remedy: string): Promise<Availability> {
  if (served.has(url)) return { available: true };
  const ending = new AbortController();
  try {
    const response = await fetch(url, { credentials: 'same-origin', signal: ending.signal });
    const head = await firstBytes(response);
    const type = response.headers.get('content-type') ?? 'no content type';
    if (response.ok && isKind(head, type, kind)) {
      served.add(url);
      return { available: true };
    }
    return {
      available: false,
      reason: `${url}: expected ${names[kind]}, got ${describeAnswer(response, type, head)}`,
      remedy,
    };
  } catch (cause) {
    return {
      available: false,
      reason: `${url}: expected ${names[kind]}, got no answer that this page may read (${(cause as Error).message})`,
      remedy: `${remedy}; another origin has to send Access-Control-Allow-Origin`,
    };
  } finally {
    ending.abort();
  }
}

/** What a server sent in place of a file, for messages: status, type, and how it begins. */
export function describeAnswer(response: Response, type: string, head: Uint8Array): string {
  const begins = printable(head.subarray(0, 40));
  const isPage = /^[\s.]*<(!doctype|html)/i.test(begins);
  const what = isPage ? ", which is a page: many servers send the application's own for what they do not have" : '';
  return `status ${response.status}, ${type}, ${head.length === 0 ? 'nothing in it' : `beginning with ${JSON.stringify(begins)}${what}`}`;
}

const names: Readonly<Record<AssetKind, string>> = { wasm: 'WebAssembly', script: 'JavaScript' };

function isKind(head: Uint8Array, type: string, kind: AssetKind): boolean {
  if (kind === 'script') return /javascript|ecmascript/i.test(type);
  return [0x00, 0x61, 0x73, 0x6d].every((byte, at) => head[at] === byte);
}

async function firstBytes(response: Response): Promise<Uint8Array> {
  const reader = response.body?.getReader();
  const pieces: number[] = [];
  while (reader !== undefined && pieces.length < 40) {
    const { done, value } = await reader.read();
    if (done) break;
    pieces.push(...value.subarray(0, 40));
  }
  return Uint8Array.from(pieces);
}

/** Text of bytes; those that are no printable ASCII as a dot. */
function printable(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.')).join('');
}
