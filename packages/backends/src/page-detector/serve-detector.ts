import { BackendError } from '@retinabench/core';
import { openDetector } from './open-detector.js';
import type { PageDetector } from './page-detector.js';
import {
  helloMessage,
  nameOf,
  readyMessage,
  type WorkerCalls,
  type WorkerQuestion,
  type WorkerReply,
} from './worker-messages.js';

/** The part of a worker's global scope that messages go through. */
interface WorkerScope {
  readonly document?: unknown;
  addEventListener(kind: 'message', listener: (event: { readonly data: unknown }) => void): void;
  postMessage(message: unknown, transfer?: readonly ArrayBufferLike[]): void;
}

/**
 * Make a worker serve detectors to its page: all that a worker's program has to call. The page opens them with
 * `openDetector({ ..., worker })`. Other messages of the page are left alone.
 *
 * @throws {BackendError} if this is no worker.
 */
export function serveDetector(): void {
  const scope = globalThis as unknown as WorkerScope;
  if (scope.document !== undefined || typeof scope.addEventListener !== 'function') {
    throw new BackendError('serveDetector: expected a web worker, got a page; call it in the program of the worker');
  }
  const detectors = new Map<number, PageDetector>();
  scope.addEventListener('message', ({ data }) => {
    if (data === helloMessage) scope.postMessage(readyMessage);
    else if (isQuestion(data)) answer(scope, detectors, data);
  });
  scope.postMessage(readyMessage);
}

function isQuestion(data: unknown): data is WorkerQuestion {
  return typeof data === 'object' && data !== null && 'retinabench' in data && 'detector' in data;
}

async function answer(
  scope: WorkerScope,
  detectors: Map<number, PageDetector>,
  question: WorkerQuestion,
): Promise<void> {
  const { id } = question;
  let reply: WorkerReply;
  try {
    reply = { retinabench: 'answer', id, answer: await carryOut(detectors, question) };
  } catch (error) {
    reply = { retinabench: 'error', id, name: nameOf(error), message: (error as Error).message };
  }
  scope.postMessage(reply);
}

async function carryOut(detectors: Map<number, PageDetector>, question: WorkerQuestion): Promise<unknown> {
  const { retinabench: call, detector: number } = question;
  if (call === 'open') {
    const opened = await openDetector(question.ask as WorkerCalls['open']['ask']);
    detectors.set(number, opened);
    const { card, protocol, backend, version } = opened;
    return { card, protocol, backend, version };
  }
  const detector = detectors.get(number);
  if (call === 'dispose') {
    detectors.delete(number);
    return detector?.dispose();
  }
  if (detector === undefined) throw new BackendError('the detector was disposed; open another');
  const picture = question.ask as WorkerCalls['detect']['ask'];
  try {
    return await detector.detect(picture);
  } finally {
    (picture as { close?: () => void }).close?.();
  }
}
