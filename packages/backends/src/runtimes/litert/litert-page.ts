import { litertBackend } from './litert-backend.js';
import { pageHost } from './page-host.js';

/** LiteRT in a page that provides it, see `provideLitert`. */
export const litertPage = litertBackend(pageHost);
