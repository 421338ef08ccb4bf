import { spawnSync } from 'node:child_process';
import { EnvironmentError } from '@retinabench/core';

/** An ffmpeg that runs here. */
export interface Ffmpeg {
  readonly program: string;
  /** Flags that keep every frame as it is, which older versions call otherwise. */
  readonly everyFrame: readonly string[];
  /** The best encoder that it has for what plays everywhere. */
  readonly encoder: 'libx264' | 'mpeg4';
}

/**
 * The ffmpeg of `RETINABENCH_FFMPEG`, else of the path.
 *
 * @param file the video, for the message.
 * @throws {EnvironmentError} if there is none: how to get it, or to do without.
 */
export function findFfmpeg(file: string): Ffmpeg {
  const program = process.env.RETINABENCH_FFMPEG || 'ffmpeg';
  const { error, status, stdout } = spawnSync(program, ['-hide_banner', '-version'], { encoding: 'utf8' });
  if (error !== undefined || status !== 0) {
    throw new EnvironmentError(
      `${file}: a video, which ffmpeg reads, and ${program} does not run here (${error?.message ?? `exit code ${status}`}); install it (apt-get install ffmpeg, brew install ffmpeg), name it with RETINABENCH_FFMPEG, or give the frames as images`,
    );
  }
  const [major, minor] = (/version n?(\d+)\.(\d+)/.exec(stdout)?.slice(1) ?? ['99', '0']).map(Number);
  const encoders = spawnSync(program, ['-hide_banner', '-encoders'], { encoding: 'utf8' }).stdout;
  return {
    program,
    // -fps_mode came with 5.1; -vsync went later.
    everyFrame: major < 5 || (major === 5 && minor < 1) ? ['-vsync', 'passthrough'] : ['-fps_mode', 'passthrough'],
    encoder: /\blibx264\b/.test(encoders) ? 'libx264' : 'mpeg4',
  };
}
