import { provideLitert, setAssets } from '@retinabench/backends/browser';
import type { PageQuestion, PageReply } from '../../src/browsers/wire/calls.js';
import { errorClasses } from '../../src/browsers/wire/error-classes.js';
import { packMessage, unpackMessage } from '../../src/browsers/wire/pack.js';
import { answerQuestion } from './answer.js';
import { DeviceWatch } from './device-watch.js';

setAssets({ ortWasm: 'onnxruntime-web/', tfjsWasm: 'tfjs-backend-wasm/', liteRt: 'litert/' });
provideLitert({ load: () => import('@litertjs/core'), version: '2.5.3' });
const devices = DeviceWatch.install();

/** A connection by which the other end sees that the page is there, and when it goes. */
const presence = new AbortController();
const alive = await fetch('alive', { signal: presence.signal });
// What nobody holds is collected, and its connection closed.
Object.assign(globalThis, { alive });

try {
  await serve();
} finally {
  presence.abort();
}

/** Answer one question after the other. @throws if the other end cannot be reached, or a reply cannot be packed. */
async function serve(): Promise<never> {
  for (;;) {
    const response = await fetch('next');
    if (response.status === 204) continue;
    const question = unpackMessage<PageQuestion>(new Uint8Array(await response.arrayBuffer()));
    await fetch('reply', { method: 'POST', body: packMessage(await replyTo(question)) });
  }
}

/** The answer to a question, or why there is none. */
function replyTo(question: PageQuestion): Promise<PageReply> {
  return devices.orLost(answerQuestion(question)).then(
    (answer): PageReply => ({ id: question.id, answer }),
    (error: unknown): PageReply => ({
      id: question.id,
      error: describe(error),
      ...(devices.lost ? { lost: true } : {}),
    }),
  );
}

function describe(error: unknown): { name: string; message: string } {
  if (devices.lost !== undefined) return { name: 'BackendError', message: devices.lost };
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  // Their own names are lost in a minified bundle. (Names cannot be kept there: what TensorFlow.js hands to its threads as text would
  // call a function of the bundle.)
  const typed = Object.entries(errorClasses).find(([, errorClass]) => error instanceof errorClass);
  return { name: typed?.[0] ?? error.name, message: error.message };
}
