import {
  browserBackends,
  type Detections,
  FaceDetector,
  type RecordedRun,
  RecordingSession,
  type StageTimes,
} from '@retinabench/backends/browser';
import { BackendError } from '@retinabench/core';
import type { PageCalls, PageQuestion } from '../../src/browsers/wire/calls.js';
import { decodeInPage } from './decode-in-page.js';
import { pageFacts } from './page-facts.js';

type Answers = {
  readonly [Name in keyof PageCalls]: (ask: PageCalls[Name]['ask']) => Promise<PageCalls[Name]['answer']>;
};

/** The model that the page has loaded. */
interface Opened {
  readonly session: RecordingSession;
  readonly detector: FaceDetector | undefined;
}

/** Longest time that the browser may take to tell of its memory. */
const memoryLimitMs = 3000;

let opened: Opened | undefined;

const answers: Answers = {
  facts: ({ gpu }) => pageFacts(gpu),

  async open({ runtime, model, place, threads, detector }) {
    const load = Object.hasOwn(browserBackends, runtime)
      ? browserBackends[runtime as keyof typeof browserBackends]
      : undefined;
    if (load === undefined) throw new BackendError(`runtime ${runtime}: not known in a browser`);
    const startedMs = performance.now();
    const backend = await load();
    const state = await backend.availability();
    if (!state.available)
      throw new BackendError(`${runtime} does not run in this browser: ${state.reason}; ${state.remedy}`);
    const session = new RecordingSession(await backend.createSession(model, place, { threads }));
    const loadMs = performance.now() - startedMs;
    opened = {
      session,
      detector: detector === undefined ? undefined : new FaceDetector(detector.card, session, detector.protocol),
    };
    const { inputNames, outputNames, signature } = session;
    return { inputNames, outputNames, ...(signature && { signature }), version: await backend.version(), loadMs };
  },

  async run({ feeds }) {
    const { session } = loaded();
    return { outputs: await session.run(feeds) };
  },

  async detect({ image, file, place = 'image', record = false }) {
    const { session, detector } = loaded();
    if (detector === undefined)
      throw new BackendError('the page was given no card; give it one when it loads the model');
    const decodeStartMs = performance.now();
    const pixels = image ?? (await decodeInPage(file as Uint8Array<ArrayBuffer>, place));
    const startMs = performance.now();
    const stages: StageTimes = { resizeMs: 0, inferMs: 0, postprocessMs: 0 };
    session.recording = record;
    const detections: Detections = await detector.detect(pixels, stages);
    const totalMs = performance.now() - startMs;
    const runs: readonly RecordedRun[] | undefined = record ? session.take() : undefined;
    return {
      detections,
      times: { ...(image === undefined && { decodeMs: startMs - decodeStartMs }), ...stages, totalMs },
      widthPx: pixels.widthPx,
      heightPx: pixels.heightPx,
      ...(runs && { runs }),
    };
  },

  async memory() {
    const { measureUserAgentSpecificMemory: measure } = performance as {
      measureUserAgentSpecificMemory?: () => Promise<{ readonly bytes: number }>;
    };
    if (measure === undefined) return {};
    // Threads of WebAssembly that wait for work never answer it.
    const late = new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), memoryLimitMs));
    const measured = await Promise.race([measure.call(performance), late]);
    return measured === undefined ? {} : { bytes: measured.bytes };
  },
};

/** Answer a question of the program. */
export function answerQuestion<Name extends keyof PageCalls>({
  call,
  ask,
}: PageQuestion<Name>): Promise<PageCalls[Name]['answer']> {
  return answers[call](ask);
}

function loaded(): Opened {
  if (opened === undefined) throw new BackendError('the page has loaded no model; ask it to open one first');
  return opened;
}
