import { ProtocolError } from '@retinabench/core';
import type { BackendId } from '../backend/backend.js';
import { parseBrowserBackend } from '../backend/browser-name.js';
import type { DetectionProtocol } from '../detector/protocol.js';

/**
 * Assert that the files are decoded where the protocol says.
 *
 * @throws {ProtocolError} if a browser is to decode for a backend that runs in none.
 */
export function assertDecodes(backend: BackendId, { decode }: Pick<DetectionProtocol, 'decode'>): void {
  if (decode === undefined || parseBrowserBackend(backend) !== undefined) return;
  throw new ProtocolError(
    `--decode browser: ${backend} runs in no browser; leave --decode out, or choose --backend chromium/ort-wasm`,
  );
}
