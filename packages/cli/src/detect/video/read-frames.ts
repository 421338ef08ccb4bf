import { spawn } from 'node:child_process';
import path from 'node:path';
import type { RgbImage } from '@retinabench/backends';
import { DatasetError } from '@retinabench/core';
import type { Ffmpeg } from './ffmpeg.js';
import { splitPpm } from './split-ppm.js';

/** One frame of a video. */
export interface VideoFrame {
  /** From 0. */
  readonly index: number;
  /** When it is shown, in seconds from the start; absent where the video does not say. */
  readonly timeS?: number;
  readonly image: RgbImage;
}

/** What is said of a video before its frames. */
export interface VideoFrames {
  readonly frames: AsyncGenerator<VideoFrame>;
  /** Frames a second as its header states them; absent where it does not. Known from the first frame on. */
  framesPerSecond(): number | undefined;
  /** How many frames there are by the length that the header states; absent where it does not. Known from the first frame on. */
  expectedFrames(): number | undefined;
}

/** What ffmpeg says of a frame, in the order of the frames. */
const frameLine = /\bn:\s*\d+\s+pts:\s*\S+\s+pts_time:\s*(\S+)/g;

/**
 * Read every frame of the first video stream of a file, turned as its metadata says, in the order in which they are shown.
 *
 * @param limit frames to read; undefined: all.
 * @throws {DatasetError} if ffmpeg cannot read the file.
 */
export function readFrames(ffmpeg: Ffmpeg, file: string, limit: number | undefined, signal: AbortSignal): VideoFrames {
  const args = [
    ...['-nostdin', '-hide_banner', '-loglevel', 'info', '-protocol_whitelist', 'file,pipe'],
    ...['-i', `file:${path.resolve(file)}`, '-map', '0:v:0', '-vf', 'showinfo'],
    ...ffmpeg.everyFrame,
    ...(limit === undefined ? [] : ['-frames:v', String(limit)]),
    ...['-f', 'image2pipe', '-c:v', 'ppm', 'pipe:1'],
  ];
  const child = spawn(ffmpeg.program, args, { stdio: ['ignore', 'pipe', 'pipe'], signal });
  child.on('error', () => undefined);
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  let log = '';
  let header = '';
  const times: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
    if (header.length < 20_000) header += text;
    const lastLine = log.lastIndexOf('\n') + 1;
    for (const [, time] of log.slice(0, lastLine).matchAll(frameLine)) times.push(time);
    log = log.slice(lastLine);
  });
  async function* frames(): AsyncGenerator<VideoFrame> {
    let index = 0;
    for await (const image of splitPpm(child.stdout, file)) {
      // A frame is written after the line about it; the two come by different pipes.
      for (let wait = 0; times[index] === undefined && wait < 50; wait++) await new Promise((go) => setTimeout(go, 10));
      const timeS = Number(times[index]);
      yield { index, image, ...(Number.isFinite(timeS) ? { timeS } : {}) };
      index++;
    }
    const code = await ended;
    signal.throwIfAborted();
    if (code !== 0 || index === 0) {
      const reason = header.trim().split('\n').at(-1) ?? `exit code ${code}`;
      throw new DatasetError(`${file}: expected a video, ffmpeg says: ${reason}; check that it plays`);
    }
  }
  const framesPerSecond = (): number | undefined => {
    const stated = Number(/,\s*([\d.]+)\s*fps\b/.exec(header)?.[1]);
    return stated > 0 ? stated : undefined;
  };
  return {
    frames: frames(),
    framesPerSecond,
    expectedFrames: () => {
      const [hours, minutes, seconds] = (/Duration: (\d+):(\d+):([\d.]+)/.exec(header)?.slice(1) ?? []).map(Number);
      const all = Math.round((hours * 3600 + minutes * 60 + seconds) * (framesPerSecond() ?? Number.NaN));
      return all > 0 ? Math.min(all, limit ?? all) : limit;
    },
  };
}
