import { provideLitert, setWasmFolder } from '@retinabench/backends/browser';
import type { PageQuestion, PageReply } from '../../src/browsers/wire/calls.js';
import { packMessage, unpackMessage } from '../../src/browsers/wire/pack.js';
import { answerQuestion } from './answer.js';
import { DeviceWatch } from './device-watch.js';

for (const name of ['onnxruntime-web', 'tfjs-backend-wasm', 'litert'] as const) {
  setWasmFolder(name, new URL(`${name}/`, document.baseURI).href);
}
provideLitert({ load: () => import('@litertjs/core'), version: '2.5.3' });
const devices = DeviceWatch.install();

/** The other end sees by it that the page is there, and when it goes. */
void fetch('alive').then((response) => response.body?.getReader().read());

for (;;) {
  const response = await fetch('next');
  if (response.status === 204) continue;
  const question = unpackMessage<PageQuestion>(new Uint8Array(await response.arrayBuffer()));
  const reply = await devices.orLost(answerQuestion(question)).then(
    (answer): PageReply => ({ id: question.id, answer }),
    (error: unknown): PageReply => ({
      id: question.id,
      error: describe(error),
      ...(devices.lost ? { lost: true } : {}),
    }),
  );
  await fetch('reply', { method: 'POST', body: packMessage(reply) });
}

function describe(error: unknown): { name: string; message: string } {
  if (devices.lost !== undefined) return { name: 'BackendError', message: devices.lost };
  return error instanceof Error
    ? { name: error.name, message: error.message }
    : { name: 'Error', message: String(error) };
}
