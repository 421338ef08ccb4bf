import { createRequire } from 'node:module';
import type CliProgress from 'cli-progress';
import type { Output } from './output.js';

/** Progress of a job of known length. */
export interface Progress {
  /** Set how much is done. */
  update(done: number): void;
  /** What stands after rate and time left: who works on it, say. */
  describe(text: string): void;
  stop(): void;
}

/** What a line of progress says beside its numbers. */
interface ProgressTexts {
  readonly rate: string;
  readonly left: string;
  readonly detail: string;
}

/**
 * A progress bar with rate and time left on standard error. On a terminal it redraws; elsewhere (a CI log) it prints a
 * line every ten seconds; under `--quiet` nothing.
 *
 * @param total     units of the whole job.
 * @param unit      plural noun: `images`.
 * @param doneFirst units finished before this run (resume); the rate leaves them out.
 */
export function startProgress(output: Output, total: number, unit: string, doneFirst = 0): Progress {
  if (output.quiet || total === 0) return { update: () => undefined, describe: () => undefined, stop: () => undefined };
  const startedMs = performance.now();
  const rate = (done: number): number => ((done - doneFirst) * 1000) / Math.max(performance.now() - startedMs, 1);
  let detail = '';
  const describe = (done: number): ProgressTexts => {
    const perSecond = Math.max(rate(done), 0);
    return {
      rate: perSecond.toFixed(perSecond < 10 ? 1 : 0),
      left: perSecond > 0 ? formatSeconds(Math.max(total - done, 0) / perSecond) : '?',
      detail: detail === '' ? '' : `  ${detail}`,
    };
  };
  const setDetail = (text: string): void => {
    detail = text;
  };
  if (!process.stderr.isTTY) return { ...plainProgress(total, unit, describe), describe: setDetail };
  // Loaded where there is a terminal to draw on.
  const { SingleBar } = createRequire(import.meta.url)('cli-progress') as typeof CliProgress;
  const bar = new SingleBar({
    format: `{bar} {value}/{total} ${unit}  {rate} ${unit}/s  {left} left{detail}`,
    stream: process.stderr,
    hideCursor: true,
    clearOnComplete: true,
    barsize: 30,
  });
  bar.start(total, doneFirst, { rate: '0', left: '?', detail: '' });
  return { update: (done) => bar.update(done, describe(done)), describe: setDetail, stop: () => bar.stop() };
}

function plainProgress(
  total: number,
  unit: string,
  describe: (done: number) => ProgressTexts,
): Omit<Progress, 'describe'> {
  let printedMs = performance.now();
  return {
    update: (done) => {
      if (performance.now() - printedMs < 10_000) return;
      printedMs = performance.now();
      const { rate, left, detail } = describe(done);
      process.stderr.write(`${done}/${total} ${unit}, ${rate} ${unit}/s, ${left} left${detail}\n`);
    },
    stop: () => undefined,
  };
}

/** `seconds` as 1:02:03, 2:03 or 3 s. */
function formatSeconds(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const pad = (value: number): string => String(value).padStart(2, '0');
  const minutes = Math.floor(whole / 60);
  return minutes < 60
    ? `${minutes}:${pad(whole % 60)}`
    : `${Math.floor(minutes / 60)}:${pad(minutes % 60)}:${pad(whole % 60)}`;
}
