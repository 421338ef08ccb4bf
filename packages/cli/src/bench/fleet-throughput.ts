import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { type DetectImagesOptions, detectImages, type ImageTask, memoryRun } from '@retinabench/backends/runs';
import { DatasetError } from '@retinabench/core';
import { ownName } from '@retinabench/datasets';
import type { ResultRecord } from '@retinabench/results';
import { detectOnQueue } from '../detection/detect-on-queue.js';
import { planDetection } from '../detection/detection-plan.js';
import { type DetectionFlags, resolveDetector } from '../detection/resolve-detector.js';
import { formatRunProvenance } from '../record/provenance.js';
import { recordFile } from '../record/record-file.js';
import { type RecordContent, writeRecord } from '../record/write.js';
import { interruptible } from '../terminal/interrupt.js';
import { type Output, printResult } from '../terminal/output.js';
import { startProgress } from '../terminal/progress.js';
import { renderTable } from '../terminal/table.js';

/** What a bench of a fleet runs. */
export interface FleetThroughputJob {
  /** With `--queue`. */
  readonly flags: DetectionFlags;
  readonly models: readonly string[];
  readonly backends: readonly string[];
  readonly threads: readonly number[];
  /** The folder of the images, and the images, which are taken in turn. */
  readonly root: string;
  readonly files: readonly string[];
  readonly images: number;
  readonly outDir: string;
  /** Of the machine. */
  readonly warnings: readonly string[];
}

/** How many images passed, and how fast. */
interface FleetRate {
  readonly imagesPerSecond: number;
  /** Images of which the rate is: those after the first that came in. */
  readonly counted: number;
}

/**
 * Measure how many images a second the workers of a queue do, one configuration after the other. No latency is measured: times of
 * other machines say nothing of a model.
 */
export async function benchFleet(output: Output, job: FleetThroughputJob): Promise<void> {
  const rows: string[][] = [];
  const records: ResultRecord[] = [];
  for (const model of job.models) {
    for (const backend of job.backends) {
      for (const threads of job.threads) {
        const flags = { ...job.flags, model, backend, threads };
        const detector = await resolveDetector(flags, false);
        const { imagesPerSecond, counted } = await measure(output, job, flags, detector);
        const { card, sizeBytes } = detector.model;
        const warnings = [...job.warnings, ...detector.model.warnings];
        rows.push([card.id, backend, String(threads), String(counted), imagesPerSecond.toFixed(1)]);
        const content: RecordContent = {
          kind: 'latency',
          model: { id: card.id, sha256: card.sha256, parameters: card.parameters, bytes: sizeBytes },
          backend: { ...detector.identity.backend, threads },
          protocol: { ...detector.identity.settings, threads, workers: 'queue', images: job.images },
          code: detector.identity.code,
          runtimes: detector.identity.runtimes,
          metrics: { imagesPerSecond },
          ...(warnings.length > 0 ? { warnings } : {}),
        };
        const name = `fleet-${card.id}-${backend}-t${threads}`;
        records.push(await writeRecord(output, recordFile(job.outDir, name, content), content));
      }
    }
  }
  const numeric = (heading: string) => ({ heading, numeric: true });
  const columns = [{ heading: 'model' }, { heading: 'backend' }, ...['threads', 'images', 'images/s'].map(numeric)];
  printResult(output, `${renderTable(columns, rows)}\nfile to detections, of all workers of the queue together`);
  printResult(output, formatRunProvenance(records));
}

async function measure(
  output: Output,
  { root, files, images }: FleetThroughputJob,
  flags: DetectionFlags,
  detector: Awaited<ReturnType<typeof resolveDetector>>,
): Promise<FleetRate> {
  const tasks = Array.from({ length: images }, (_, index): ImageTask => {
    const file = files[index % files.length];
    return { image: `${index}/${path.basename(file)}`, file };
  });
  // A run of its own each time: nothing that was done before counts.
  const set = { name: ownName(root), root, images: tasks, namesSha256: randomUUID(), notes: [] };
  const plan = planDetection(detector, set);
  const arrivals = new UnitArrivals();
  const progress = startProgress(output, images, 'images');
  const found = await interruptible(
    () => 'a bench that is cut short has no result: run it again',
    (signal) => {
      const options: DetectImagesOptions = {
        model: detector.model,
        backend: flags.backend,
        threads: flags.threads,
        asked: detector.asked,
        boxRounding: 'none',
        images: tasks,
        workers: flags.workers,
        run: memoryRun(),
        onProgress: (done) => {
          if (done > 0) arrivals.add();
          progress.update(done);
        },
        signal,
      };
      return flags.queue === undefined
        ? detectImages(options)
        : detectOnQueue(output, flags, plan, options, (text) => progress.describe(text));
    },
  ).finally(() => progress.stop());
  if (found.failed.length > 0) {
    const { image, message } = found.failed[0];
    throw new DatasetError(`${image}: expected an image that can be detected, got ${message}`);
  }
  return arrivals.rate();
}

/** When units came in. The images of one are taken in without a pause: those of another come in a later turn of the event loop. */
class UnitArrivals {
  readonly #units: { readonly atMs: number; images: number }[] = [];
  #isOpen = false;

  /** An image came in. */
  add(): void {
    if (!this.#isOpen) {
      this.#units.push({ atMs: performance.now(), images: 0 });
      this.#isOpen = true;
      queueMicrotask(() => {
        this.#isOpen = false;
      });
    }
    this.#units[this.#units.length - 1].images++;
  }

  /** Of all units after the first, from its arrival on: what workers did before is not known. */
  rate(): FleetRate {
    const [first, ...others] = this.#units;
    const counted = others.reduce((sum, { images }) => sum + images, 0);
    const elapsedMs = (others.at(-1)?.atMs ?? 0) - (first?.atMs ?? 0);
    if (counted === 0 || elapsedMs <= 0) {
      throw new DatasetError(
        `throughput: expected results of several units, got ${first?.images ?? 0} images at once; raise --images, or give --unit`,
      );
    }
    return { imagesPerSecond: (counted * 1000) / elapsedMs, counted };
  }
}
