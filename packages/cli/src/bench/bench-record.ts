import { type BenchResult, browserWarnings, detectionSettings } from '@retinabench/backends';
import { detectionBuild } from '@retinabench/backends/runs';
import type { LoadedModel } from '@retinabench/models/node';
import type { RatioToFirst } from '@retinabench/results';
import type { BrowserEnvironments, RecordContent } from '../record/write.js';
import { loadOfOthers, loadWarnings } from './load-warnings.js';

/** What a bench knows besides the result of a configuration. */
export interface BenchCircumstances {
  /** Processors that were asked for. */
  readonly pin?: string;
  /** Digest of the photograph. */
  readonly image: string;
  /** Of all records of this run. */
  readonly benchRun: string;
  /** What about the machine makes its times doubtful. */
  readonly machine: readonly string[];
  readonly browsers: BrowserEnvironments;
  readonly runtimes: Readonly<Record<string, string>>;
  readonly ratioToFirst?: RatioToFirst;
}

/** The record of one configuration. */
export function benchRecord(
  result: Exclude<BenchResult, { failure: string }>,
  { card, sizeBytes, warnings: doubts }: LoadedModel,
  { pin, image, benchRun, machine, browsers, runtimes, ratioToFirst }: BenchCircumstances,
): RecordContent {
  const { init, latencyMs, onceMs, outliers } = result;
  const load = loadOfOthers(result);
  const warnings = [...machine, ...loadWarnings(load), ...doubts, ...browserWarnings(browsers)];
  if (outliers > 0)
    warnings.push(
      `${outliers} of ${latencyMs.total.n} repetitions stand apart (more than 5 deviations above the median)`,
    );
  if (result.faces === 0) {
    warnings.push(
      'no face was found: the times leave out most of the work after the network; give --image a picture with faces',
    );
  }
  if (pin !== undefined && !result.pinned) warnings.push(`--pin ${pin} could not be applied here`);
  return {
    kind: 'latency',
    model: { id: card.id, sha256: card.sha256, parameters: card.parameters, bytes: sizeBytes },
    backend: { id: init.backend, version: result.backendVersion, threads: init.threads },
    protocol: {
      ...detectionSettings(result.protocol, card),
      imageWidthPx: init.size.widthPx,
      imageHeightPx: init.size.heightPx,
      threads: init.threads,
      image,
    },
    code: detectionBuild(),
    runtimes,
    browsers,
    // A circumstance of this run, as the machine is: variants measured apart can be compared.
    ...(result.pinned && pin !== undefined ? { pinnedTo: pin } : {}),
    latencyMs,
    benchRun,
    ...(ratioToFirst === undefined ? {} : { ratioToFirst }),
    ...(load === undefined ? {} : { loadOfOthers: load }),
    onceMs,
    // An outcome, and so no part of the protocol: two variants of a model are compared in speed.
    metrics: {
      faces: result.faces,
      ...(result.pageMemoryBytes === undefined ? {} : { pageMemoryBytes: result.pageMemoryBytes }),
    },
    ...(result.memoryPeakBytes === undefined ? {} : { memoryPeakBytes: result.memoryPeakBytes }),
    ...(warnings.length > 0 ? { warnings } : {}),
  };
}
