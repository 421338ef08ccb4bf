import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { RgbImage } from '@retinabench/backends';
import { EnvironmentError } from '@retinabench/core';
import type { Ffmpeg } from './ffmpeg.js';

/** A video that is being written, in a folder of its own until it is whole. */
export interface VideoWriter {
  /** @throws {EnvironmentError} if ffmpeg has ended. */
  add(frame: RgbImage): Promise<void>;
  /**
   * End the video.
   *
   * @returns its bytes, an MP4.
   * @throws {EnvironmentError} if ffmpeg failed.
   */
  finish(): Promise<Uint8Array>;
  /** Remove what is left of it. */
  discard(): void;
}

/**
 * Begin a video of frames of one size. Odd sides get a black row or column, which the encoder asks for.
 *
 * @param framesPerSecond at which it plays.
 * @param place what it is of, for messages.
 */
export function writeVideo(
  ffmpeg: Ffmpeg,
  { widthPx, heightPx }: Pick<RgbImage, 'widthPx' | 'heightPx'>,
  framesPerSecond: number,
  place: string,
): VideoWriter {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'retinabench-video-'));
  const file = path.join(folder, 'drawn.mp4');
  const args = [
    ...['-nostdin', '-hide_banner', '-loglevel', 'error', '-f', 'rawvideo', '-pix_fmt', 'rgb24'],
    ...['-s', `${widthPx}x${heightPx}`, '-r', String(framesPerSecond), '-i', 'pipe:0'],
    ...['-vf', 'pad=ceil(iw/2)*2:ceil(ih/2)*2', '-c:v', ffmpeg.encoder, '-pix_fmt', 'yuv420p'],
    ...(ffmpeg.encoder === 'libx264' ? ['-crf', '20'] : ['-q:v', '3']),
    file,
  ];
  const child = spawn(ffmpeg.program, args, { stdio: ['pipe', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  child.stdin.on('error', () => undefined);
  const ended = new Promise<number | null>((resolve) => {
    child.on('close', resolve);
    child.on('error', () => resolve(null));
  });
  const failure = (code: number | null): EnvironmentError =>
    new EnvironmentError(
      `${place}: the drawn video cannot be written, ffmpeg says: ${log.trim().split('\n').at(-1) || `exit code ${code}`}; leave --draw out for the faces alone`,
    );
  return {
    add: async ({ data }) => {
      if (child.exitCode !== null) throw failure(child.exitCode);
      if (!child.stdin.write(data)) await Promise.race([once(child.stdin, 'drain'), ended]);
    },
    finish: async () => {
      child.stdin.end();
      const code = await ended;
      if (code !== 0) throw failure(code);
      return readFileSync(file);
    },
    discard: () => {
      if (child.exitCode === null) child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
