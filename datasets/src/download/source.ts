import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { DownloadFailure } from './failure.js';

/** What a URL answers with. */
export interface OpenSource {
  /** Offset of the first byte that `body` gives: as asked for, or 0 where the source cannot resume. */
  readonly startByte: number;
  /** Length of the whole file, where the source says it. */
  readonly totalBytes?: number;
  /** A strong validator of the content (an entity tag), to resume only what is unchanged. */
  readonly validator?: string;
  readonly body: AsyncIterable<Uint8Array>;
}

/** From where to read. */
export interface OpenOptions {
  /** Bytes that are there already. */
  readonly fromByte: number;
  /** What they belong to; sent as `If-Range`. */
  readonly validator?: string;
  readonly signal: AbortSignal;
}

/**
 * Open a URL at an offset.
 *
 * @param url `http:`, `https:` or `file:`.
 * @throws {DownloadFailure} if the source refuses or cannot be reached.
 */
export async function openSource(url: string, options: OpenOptions): Promise<OpenSource> {
  return url.startsWith('file:') ? openFile(url, options) : openHttp(url, options);
}

/** A URL without the name and password that it may carry, for messages. */
export function shownUrl(url: string): string {
  return url.replace(/^([a-z]+:\/\/)[^/@]*@/i, '$1');
}

async function openFile(url: string, { fromByte, signal }: OpenOptions): Promise<OpenSource> {
  try {
    const file = fileURLToPath(url);
    const stats = await stat(file);
    if (!stats.isFile()) throw new DownloadFailure('permanent', `${url}: not a file`);
    const startByte = fromByte < stats.size ? fromByte : 0;
    return { startByte, totalBytes: stats.size, body: createReadStream(file, { start: startByte, signal }) };
  } catch (cause) {
    if (cause instanceof DownloadFailure) throw cause;
    throw new DownloadFailure('permanent', `${url}: ${(cause as Error).message}`, { cause });
  }
}

async function openHttp(url: string, { fromByte, validator, signal }: OpenOptions): Promise<OpenSource> {
  const { href, authorization } = splitCredentials(url);
  const headers: Record<string, string> = {
    'accept-encoding': 'identity',
    'user-agent': 'retinabench',
    ...authorization,
  };
  if (fromByte > 0) {
    headers.range = `bytes=${fromByte}-`;
    if (validator !== undefined) headers['if-range'] = validator;
  }
  const response = await fetch(href, { headers, signal, redirect: 'follow' }).catch((cause: Error) => {
    throw new DownloadFailure('transient', `${shownUrl(url)}: ${reasonOf(cause)}`, { cause });
  });
  if (response.status === 206) return partOf(url, response, fromByte);
  if (response.status === 200) return wholeOf(url, response);
  await response.body?.cancel();
  if (response.status === 416 && fromByte > 0) {
    throw new DownloadFailure(
      'corrupt',
      `${shownUrl(url)}: has no byte ${fromByte}; what is there already is too long`,
    );
  }
  const message = `${shownUrl(url)}: HTTP ${response.status} ${response.statusText}`.trimEnd();
  const transient = response.status === 408 || response.status === 429 || response.status >= 500;
  throw new DownloadFailure(transient ? 'transient' : 'permanent', message, {
    retryAfterMs: retryAfterMs(response.headers.get('retry-after')),
  });
}

/** Name and password of a URL as a header, since fetch takes no URL that carries them. */
function splitCredentials(url: string): { href: string; authorization: Record<string, string> } {
  if (!URL.canParse(url)) throw new DownloadFailure('permanent', `${shownUrl(url)}: not a URL`);
  const parsed = new URL(url);
  const { username, password } = parsed;
  if (username === '' && password === '') return { href: url, authorization: {} };
  parsed.username = '';
  parsed.password = '';
  const token = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64');
  return { href: parsed.href, authorization: { authorization: `Basic ${token}` } };
}

function partOf(url: string, response: Response, fromByte: number): OpenSource {
  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '');
  if (range === null || Number(range[1]) !== fromByte) {
    throw new DownloadFailure(
      'corrupt',
      `${shownUrl(url)}: asked for bytes from ${fromByte}, got ${response.headers.get('content-range') ?? 'no range'}`,
    );
  }
  return {
    startByte: fromByte,
    ...(range[2] !== '*' && { totalBytes: Number(range[2]) }),
    ...strongValidator(response),
    body: bodyOf(url, response),
  };
}

function wholeOf(url: string, response: Response): OpenSource {
  const length = response.headers.get('content-length');
  const encoded = response.headers.has('content-encoding');
  return {
    startByte: 0,
    ...(length !== null && /^\d+$/.test(length) && !encoded && { totalBytes: Number(length) }),
    ...strongValidator(response),
    body: bodyOf(url, response),
  };
}

function bodyOf(url: string, response: Response): AsyncIterable<Uint8Array> {
  if (response.body === null) throw new DownloadFailure('transient', `${shownUrl(url)}: an answer without a body`);
  return readBody(response, response.body as AsyncIterable<Uint8Array>);
}

/**
 * The bytes of a response that is kept until they are read: the runtime cancels the body of a response that is collected
 * before, and the download would end with nothing and start again.
 */
async function* readBody(response: Response, body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* body;
  void response;
}

function strongValidator(response: Response): { validator?: string } {
  const tag = response.headers.get('etag');
  return tag !== null && !tag.startsWith('W/') ? { validator: tag } : {};
}

/** `Retry-After` in seconds, at most five minutes; its other form, a date, is passed over. */
function retryAfterMs(header: string | null): number {
  return header !== null && /^\d+$/.test(header) ? Math.min(Number(header), 300) * 1000 : 0;
}

/** What fetch hides in the cause of its "fetch failed". */
function reasonOf(error: Error): string {
  const cause = error.cause;
  return cause instanceof Error ? cause.message || cause.name : error.message;
}
