import { isRetinaBenchError, ModelError } from '@retinabench/core';
import { Bench } from 'tinybench';
import type { StageTimes } from '../detector/face-detector.js';
import { decodeImage } from '../image/decode.js';
import { loadSharp } from '../image/load-sharp.js';
import { loadDetector } from '../registry/load-detector.js';
import { exitWithParent } from '../workers/exit-with-parent.js';
import { type BatchSession, loadBatchSession } from './batch-session.js';
import type { BenchInit, BenchReply, BenchRequest, BenchStage } from './messages.js';
import { type ArrivalPlan, processClock, serveArrivals } from './serve-arrivals.js';

/** Times of a detection with its decoding, where all are known. */
type TimedDetection = Required<StageTimes>;

type Loaded = Awaited<ReturnType<typeof loadDetector>> & { readonly jpeg: Buffer; readonly place: string };

let loaded: Loaded | undefined;
let batchSession: BatchSession | undefined;
let typicalMs = 0;

exitWithParent();
process.on('SIGINT', () => undefined);
process.on('message', (request: BenchRequest) => {
  answer(request)
    .catch(
      (error: unknown): BenchReply => ({
        type: 'failed',
        message: error instanceof Error ? error.message : String(error),
        exitCode: isRetinaBenchError(error) ? error.exitCode : 3,
      }),
    )
    .then((reply) => process.send?.(reply));
});

function answer(request: BenchRequest): Promise<BenchReply> {
  if (request.type === 'load') return load(request.init);
  if (request.type === 'load-batch') return loadBatch(request.init, request.batch);
  if (request.type === 'batch-round') return batchRound(request.roundMs, request.minimumRuns);
  return request.type === 'serve' ? serve(request.plan) : round(request.roundMs, request.minimumRuns);
}

async function loadBatch(init: BenchInit, batch: number): Promise<BenchReply> {
  const session = await loadBatchSession(init, batch, await photographOf(init));
  const startedMs = performance.now();
  await session.run();
  typicalMs = performance.now() - startedMs;
  batchSession = session;
  return { type: 'batch-loaded', version: session.version, protocol: session.protocol };
}

async function batchRound(roundMs: number, minimumRuns: number): Promise<BenchReply> {
  if (batchSession === undefined) throw new ModelError('bench worker: asked to run before it was asked to load');
  const samplesMs: number[] = [];
  for (let left = Math.max(minimumRuns, Math.ceil(roundMs / typicalMs)); left > 0; left--) {
    const startedMs = performance.now();
    await batchSession.run();
    samplesMs.push(performance.now() - startedMs);
  }
  typicalMs = samplesMs.reduce((sum, sample) => sum + sample, 0) / samplesMs.length;
  return { type: 'batch-sampled', samplesMs };
}

/** The photograph at the size of the bench, encoded again. */
function photographOf({ size: { widthPx, heightPx }, imageFile }: BenchInit): Promise<Buffer> {
  return loadSharp()(imageFile).resize(widthPx, heightPx, { fit: 'cover' }).jpeg({ quality: 90 }).toBuffer();
}

async function serve(plan: ArrivalPlan): Promise<BenchReply> {
  if (loaded === undefined) throw new ModelError('bench worker: asked to serve before it was asked to load');
  const subject = loaded;
  const work = async (): Promise<void> => {
    await detectOnce(subject);
  };
  return { type: 'served', served: await serveArrivals(plan, work, processClock) };
}

async function load(init: BenchInit): Promise<BenchReply> {
  const jpeg = await photographOf(init);
  const detector = await loadDetector(init.model, init.backend, init.asked, { threads: init.threads });
  loaded = { ...detector, jpeg, place: init.imageFile };
  const { faces, times } = await detectOnce(loaded);
  const firstRunMs = times.totalMs;
  typicalMs = firstRunMs;
  return {
    type: 'loaded',
    loadMs: detector.loadMs,
    firstRunMs,
    faces,
    version: detector.backend.version,
    protocol: detector.protocol,
  };
}

async function round(roundMs: number, minimumRuns: number): Promise<BenchReply> {
  if (loaded === undefined) throw new ModelError('bench worker: asked to run before it was asked to load');
  const subject = loaded;
  const stages: Record<Exclude<BenchStage, 'total'>, number[]> = { decode: [], resize: [], infer: [], postprocess: [] };
  const bench = new Bench({
    iterations: Math.max(minimumRuns, Math.ceil(roundMs / typicalMs)),
    time: 0,
    warmup: false,
    retainSamples: true,
    throws: true,
  });
  bench.add('total', async () => {
    const { times } = await detectOnce(subject);
    stages.decode.push(times.decodeMs);
    stages.resize.push(times.resizeMs);
    stages.infer.push(times.inferMs);
    stages.postprocess.push(times.postprocessMs);
    // In a browser the way there is not counted.
    return subject.memoryBytes === undefined ? undefined : { overriddenDuration: times.decodeMs + times.totalMs };
  });
  const [task] = await bench.run();
  const total = 'latency' in task.result ? [...(task.result.latency.samples ?? [])] : [];
  typicalMs = total.reduce((sum, sample) => sum + sample, 0) / total.length;
  return {
    type: 'sampled',
    samplesMs: { ...stages, total },
    ...(await memoryOf(subject)),
  };
}

/** Decode and detect once, each by the clock of where it happens. */
async function detectOnce({
  detector,
  protocol,
  jpeg,
  place,
}: Loaded): Promise<{ faces: number; times: TimedDetection }> {
  const times: StageTimes = { resizeMs: 0, inferMs: 0, postprocessMs: 0 };
  if (protocol.decode === 'browser' && detector.detectFile !== undefined) {
    const { detections } = await detector.detectFile(jpeg, place, times);
    return { faces: detections.count, times: { decodeMs: 0, totalMs: 0, ...times } };
  }
  const startedMs = performance.now();
  const image = await decodeImage(jpeg, place);
  const decodedMs = performance.now();
  const detections = await detector.detect(image, times);
  const totalMs = times.totalMs ?? performance.now() - decodedMs;
  return { faces: detections.count, times: { ...times, decodeMs: decodedMs - startedMs, totalMs } };
}

/** The most memory that this process had, or what the browser's page has: WebAssembly never gives memory back. */
async function memoryOf({ memoryBytes }: Loaded): Promise<{ memoryPeakBytes?: number; pageMemoryBytes?: number }> {
  if (memoryBytes === undefined) return { memoryPeakBytes: process.resourceUsage().maxRSS * 1024 };
  const pageMemoryBytes = await memoryBytes();
  return pageMemoryBytes === undefined ? {} : { pageMemoryBytes };
}
