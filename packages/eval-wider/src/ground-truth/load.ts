import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { openSource, withSource } from '@retinabench/annotations/visit';
import { DatasetError, EnvironmentError, refuseLfsPointer } from '@retinabench/core/basics';
import { groundTruthFromJson, groundTruthJsonFile } from './from-json.js';
import { groundTruthFromLabelText, isLabelText } from './from-label-text.js';
import { groundTruthFromMat, matFiles } from './from-mat.js';
import { groundTruthFromText } from './from-text.js';
import type { WiderGroundTruth } from './ground-truth.js';

/**
 * Load ground truth from disk.
 *
 * @param location a folder with the four official `.mat` files or, if they are absent, `wider_face_val.json`; or a file
 * of the JSON form (`.json`), of the text annotation or RetinaFace's `label.txt` (`.txt`), or one of the four, for the folder that it lies in.
 * @throws {EnvironmentError} if there is no such file or folder, or it cannot be read.
 * @throws {DatasetError} if the folder has neither form, or a file is malformed or a Git LFS pointer.
 */
export function loadGroundTruth(location: string): WiderGroundTruth {
  const stats = statSync(location, { throwIfNoEntry: false });
  if (stats === undefined) {
    throw new EnvironmentError(
      `${location}: expected a folder with WIDER FACE ground truth, got nothing of that name; choose another with --gt DIR`,
    );
  }
  if (!stats.isDirectory() && !stats.isFile()) {
    throw new DatasetError(
      `${location}: expected a folder or a regular file, got a pipe, socket or device; choose another with --gt DIR`,
    );
  }
  if (!stats.isDirectory()) {
    return location.endsWith('.mat') ? loadGroundTruth(path.dirname(location)) : loadFile(location);
  }
  if (existsSync(path.join(location, matFiles.faces))) {
    const missing = Object.values(matFiles).filter((name) => !existsSync(path.join(location, name)));
    if (missing.length > 0) {
      throw new DatasetError(
        `${location}: expected ${Object.values(matFiles).join(', ')}, got no ${missing.join(', ')}; fetch the official ground truth again`,
      );
    }
    const read = (name: string): Uint8Array => readBytes(path.join(location, name));
    const files = {
      faces: read(matFiles.faces),
      easy: read(matFiles.easy),
      medium: read(matFiles.medium),
      hard: read(matFiles.hard),
    };
    return groundTruthFromMat(files, location);
  }
  const json = path.join(location, groundTruthJsonFile);
  if (existsSync(json)) return loadFile(json);
  throw new DatasetError(
    `${location}: expected ${matFiles.faces} (and its easy, medium and hard companions) or ${groundTruthJsonFile}, got neither; choose the ground_truth folder with --gt DIR`,
  );
}

/** Bytes by which the form of a text is told. */
const headBytes = 1 << 16;

function loadFile(file: string): WiderGroundTruth {
  if (!file.endsWith('.txt')) return groundTruthFromJson(openSource(file));
  const head = withSource(file, (source) => {
    const bytes = new Uint8Array(headBytes);
    return new TextDecoder().decode(bytes.subarray(0, source.read(bytes, 0)));
  });
  return withSource(file, (source) =>
    isLabelText(head) ? groundTruthFromLabelText(source, file) : groundTruthFromText(source, file),
  );
}

function readBytes(file: string): Uint8Array {
  try {
    // Opening a pipe would block.
    if (statSync(file, { throwIfNoEntry: false })?.isFile() === false) {
      throw new DatasetError(`${file}: expected a regular file, got a folder, pipe or device; replace it`);
    }
    return refuseLfsPointer(readFileSync(file), file);
  } catch (cause) {
    if (cause instanceof DatasetError) throw cause;
    throw new EnvironmentError(`${file}: cannot be read (${(cause as Error).message})`, { cause });
  }
}
