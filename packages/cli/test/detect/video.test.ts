import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatasetError } from '@retinabench/core';
import { ensureMini, listWiderImages } from '@retinabench/datasets';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { splitPpm } from '../../src/detect/video/split-ppm.js';

const program = path.resolve(import.meta.dirname, '../../dist/main.js');
const ffmpeg = process.env.RETINABENCH_FFMPEG || 'ffmpeg';
const present = spawnSync(ffmpeg, ['-version']).status === 0;

describe('splitPpm', () => {
  const bytes = Buffer.concat([
    Buffer.from('P6\n2 1\n255\n'),
    Buffer.from([1, 2, 3, 4, 5, 6]),
    // Pixels that look like a header: lengths decide, not what stands in them.
    Buffer.from('P6\n1 1\n255\n'),
    Buffer.from('P6\n'),
  ]);
  async function* inPieces(size: number, content = bytes): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < content.length; at += size) yield content.subarray(at, at + size);
  }
  const split = async (stream: AsyncIterable<Uint8Array>): Promise<unknown[]> => {
    const images: unknown[] = [];
    for await (const { widthPx, heightPx, data } of splitPpm(stream, 'a.mp4'))
      images.push([widthPx, heightPx, [...data]]);
    return images;
  };

  test.each([1, 2, 5, 11, 1000])('gives the images whatever pieces of %d bytes they come in', async (size) => {
    expect(await split(inPieces(size))).toEqual([
      [2, 1, [1, 2, 3, 4, 5, 6]],
      [1, 1, [...Buffer.from('P6\n')]],
    ]);
  });

  test('refuses what ends within an image, and what is none', async () => {
    await expect(split(inPieces(3, bytes.subarray(0, -1)))).rejects.toThrow(DatasetError);
    await expect(split(inPieces(3, bytes.subarray(0, -1)))).rejects.toThrow(/a\.mp4: expected whole frames/);
    await expect(split(inPieces(64, Buffer.from('P5\n2 1\n255\n......')))).rejects.toThrow(/expected frames as PPM/);
  });
});

describe('detect on a video', () => {
  const root = mkdtempSync(path.join(os.tmpdir(), 'detect-video-'));
  const run = (args: readonly string[], env = {}) =>
    spawnSync(process.execPath, [program, 'detect', '--model', 'face-api-tiny', ...args], {
      cwd: root,
      env: { ...process.env, RETINABENCH_CACHE: path.join(root, 'cache'), ...env },
      encoding: 'utf8',
    });
  beforeAll(async () => {
    const mini = await listWiderImages(await ensureMini({ cacheDir: path.join(root, 'cache') }));
    copyFileSync(mini[3].file, path.join(root, 'face.jpg'));
    if (!present) return;
    // Five frames a second for 0.8 s, each the photograph.
    const still = ['-loglevel', 'error', '-loop', '1', '-i', 'face.jpg', '-t', '0.8', '-r', '5'];
    spawnSync(
      ffmpeg,
      [...still, '-vf', 'scale=trunc(iw/2)*2:trunc(ih/2)*2', '-c:v', 'mjpeg', '-q:v', '2', 'clip.avi'],
      {
        cwd: root,
      },
    );
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  test('without ffmpeg says how to get it, with exit code 3', () => {
    writeFileSync(path.join(root, 'empty.mp4'), '');
    const { status, stderr } = run(['empty.mp4'], { RETINABENCH_FFMPEG: path.join(root, 'no-ffmpeg') });
    expect(stderr).toMatch(
      /empty\.mp4: a video, which ffmpeg reads, and .*no-ffmpeg does not run here .*; install it \(apt-get install ffmpeg/,
    );
    expect(status).toBe(3);
  });

  test.skipIf(!present)(
    `gives every frame with index and time, and the drawn video (skipped where ${ffmpeg} is absent)`,
    () => {
      const { status, stdout, stderr } = run(['clip.avi', '--json', '--draw', 'drawn', '--crop', 'crops']);
      expect(status, stderr).toBe(0);
      const frames = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(frames.map(({ image, frame, timeS }) => [image, frame, timeS])).toEqual([
        ['clip.avi#000000', 0, 0],
        ['clip.avi#000001', 1, 0.2],
        ['clip.avi#000002', 2, 0.4],
        ['clip.avi#000003', 3, 0.6],
      ]);
      // The same picture in every frame: the same faces.
      for (const { faces } of frames) expect(faces).toEqual(frames[0].faces);
      expect(frames[0].faces.length).toBeGreaterThan(0);
      expect(existsSync(path.join(root, 'drawn/clip.mp4'))).toBe(true);
      const { stderr: about } = spawnSync(ffmpeg, ['-hide_banner', '-i', 'drawn/clip.mp4'], {
        cwd: root,
        encoding: 'utf8',
      });
      expect(about).toMatch(/5 fps/);
      expect(readdirSync(path.join(root, 'crops')).filter((name) => name.startsWith('clip-000003-'))).toHaveLength(
        frames[3].faces.length,
      );
      expect(run(['clip.avi', '--csv', '--limit', '1']).stdout).toMatch(
        /^image,x,y,w,h,score,frame,time_s\nclip\.avi#000000,/,
      );
    },
  );

  test.skipIf(!present)(
    `a file that is no video is named, with exit code 2 (skipped where ${ffmpeg} is absent)`,
    () => {
      writeFileSync(path.join(root, 'no.mp4'), 'no video');
      const { status, stderr } = run(['no.mp4']);
      expect(stderr).toMatch(/no\.mp4: expected a video, ffmpeg says: .*; check that it plays/);
      expect(status).toBe(2);
    },
  );
});
