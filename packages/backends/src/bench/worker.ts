import { isRetinaBenchError, ModelError } from '@retinabench/core';
import { Bench } from 'tinybench';
import { decodeImage } from '../image/decode.js';
import { loadSharp } from '../image/load-sharp.js';
import { loadDetector } from '../registry/load-detector.js';
import { exitWithParent } from '../workers/exit-with-parent.js';
import type { BenchInit, BenchReply, BenchRequest, BenchStage } from './messages.js';

type Loaded = Awaited<ReturnType<typeof loadDetector>> & { readonly jpeg: Buffer; readonly place: string };

let loaded: Loaded | undefined;
let typicalMs = 0;

exitWithParent();
process.on('SIGINT', () => undefined);
process.on('message', (request: BenchRequest) => {
  const work = request.type === 'load' ? load(request.init) : round(request.roundMs, request.minimumRuns);
  work
    .catch(
      (error: unknown): BenchReply => ({
        type: 'failed',
        message: error instanceof Error ? error.message : String(error),
        exitCode: isRetinaBenchError(error) ? error.exitCode : 3,
      }),
    )
    .then((reply) => process.send?.(reply));
});

async function load(init: BenchInit): Promise<BenchReply> {
  const { widthPx, heightPx } = init.size;
  const photograph = loadSharp()(init.imageFile);
  const jpeg = await photograph.resize(widthPx, heightPx, { fit: 'cover' }).jpeg({ quality: 90 }).toBuffer();
  const startedMs = performance.now();
  const detector = await loadDetector(init.model, init.backend, init.asked, { threads: init.threads });
  const loadMs = performance.now() - startedMs;
  loaded = { ...detector, jpeg, place: init.imageFile };
  const image = await decodeImage(jpeg, init.imageFile);
  const firstMs = performance.now();
  const detections = await detector.detector.detect(image);
  const firstRunMs = performance.now() - firstMs;
  typicalMs = firstRunMs;
  return {
    type: 'loaded',
    loadMs,
    firstRunMs,
    faces: detections.count,
    version: detector.backend.version,
    protocol: detector.protocol,
  };
}

async function round(roundMs: number, minimumRuns: number): Promise<BenchReply> {
  if (loaded === undefined) throw new ModelError('bench worker: asked to run before it was asked to load');
  const { detector, jpeg, place } = loaded;
  const stages: Record<Exclude<BenchStage, 'total'>, number[]> = { decode: [], resize: [], infer: [], postprocess: [] };
  const bench = new Bench({
    iterations: Math.max(minimumRuns, Math.ceil(roundMs / typicalMs)),
    time: 0,
    warmup: false,
    retainSamples: true,
    throws: true,
  });
  bench.add('total', async () => {
    const startedMs = performance.now();
    const image = await decodeImage(jpeg, place);
    stages.decode.push(performance.now() - startedMs);
    const times = { resizeMs: 0, inferMs: 0, postprocessMs: 0 };
    await detector.detect(image, times);
    stages.resize.push(times.resizeMs);
    stages.infer.push(times.inferMs);
    stages.postprocess.push(times.postprocessMs);
  });
  const [task] = await bench.run();
  const total = 'latency' in task.result ? [...(task.result.latency.samples ?? [])] : [];
  typicalMs = total.reduce((sum, sample) => sum + sample, 0) / total.length;
  return {
    type: 'sampled',
    samplesMs: { ...stages, total },
    memoryPeakBytes: process.resourceUsage().maxRSS * 1024,
  };
}
