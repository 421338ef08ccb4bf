import { ModelError } from '@retinabench/core';
import { describeAnswer } from '../runtimes/check-asset.js';
import { type Address, baseUrl, textOf } from '../runtimes/wasm-folders.js';

/** Absolute address of what is relative to the page. @throws {ModelError} if it is none. */
export function absoluteAddress(address: Address, what: string): string {
  try {
    return new URL(textOf(address), baseUrl()).href;
  } catch {
    throw new ModelError(`${what}: expected its address, got ${JSON.stringify(address)}`);
  }
}

/**
 * Load a file of a model.
 *
 * @param what the file is, for messages.
 * @throws {ModelError} if the server does not give it, or gives a page in its place.
 */
export async function fetchFile(address: Address, what: string): Promise<{ url: string; bytes: Uint8Array }> {
  const url = absoluteAddress(address, what);
  let response: Response;
  let bytes: Uint8Array;
  try {
    response = await fetch(url);
    bytes = new Uint8Array(await response.arrayBuffer());
  } catch (cause) {
    throw new ModelError(
      `${url}: expected ${what}, got no answer that this page may read (${(cause as Error).message}); look whether it is served, and from another origin with Access-Control-Allow-Origin`,
      { cause },
    );
  }
  const type = response.headers.get('content-type') ?? 'no content type';
  if (!response.ok || /^text\/html/i.test(type)) {
    throw new ModelError(
      `${url}: expected ${what}, got ${describeAnswer(response, type, bytes)}; look where it is served`,
    );
  }
  return { url, bytes };
}
