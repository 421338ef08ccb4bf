import { litertBackend } from './litert-backend.js';
import { nodeHost } from './node-host.js';

/** LiteRT in Node, where the optional package @litertjs/core is installed. */
export const litertWasm = litertBackend(nodeHost);
