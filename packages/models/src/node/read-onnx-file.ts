import { createHash } from 'node:crypto';
import { readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { ModelError, refuseLfsPointer, shortenText } from '@retinabench/core';
import { requireRegularFile } from '@retinabench/files';
import { type ExternalPart, externalParts, inlineExternalData } from '../onnx/external-data.js';
import { refuseOtherFiles } from '../onnx/refuse-other-files.js';
import { staysInFolder } from '../onnx/stays-in-folder.js';
import { readTflite } from '../tflite/read.js';

/** A model on disk, in one file or several. */
export interface OnnxFile {
  /** The model in one piece: what lies in other files is brought into it. */
  readonly bytes: Uint8Array;
  /** Of all files together. */
  readonly sizeBytes: number;
  /** SHA-256 of the .onnx followed by its other files, in the order of their names (`cat a.onnx a.onnx.data | sha256sum`). */
  readonly sha256: string;
  /** SHA-256 of the .onnx alone. */
  readonly graphSha256: string;
  /** Names of the other files, relative to the folder of the .onnx, sorted. */
  readonly externalFiles: readonly string[];
}

/**
 * Read an .onnx and the files beside it that hold its tensors, each once; or a .tflite, which is checked as a whole.
 *
 * @throws {ModelError} if a file is missing or a Git LFS pointer, a tensor's file lies outside the folder of the .onnx or is shorter than the
 * tensor needs, or as `inlineExternalData`.
 * @throws the system's error if the .onnx itself cannot be read.
 */
export async function readOnnxFile(onnxPath: string): Promise<OnnxFile> {
  await requireRegularFile(onnxPath, ModelError);
  const content = refuseLfsPointer(await readFile(onnxPath), onnxPath, ModelError);
  if (/\.tflite$/i.test(onnxPath)) return tfliteFile(content, onnxPath);
  const graph = refuseOtherFiles(content, onnxPath);
  const graphSha256 = createHash('sha256').update(graph).digest('hex');
  const parts = externalParts(graph, onnxPath);
  if (parts.length === 0) {
    return { bytes: graph, sizeBytes: graph.length, sha256: graphSha256, graphSha256, externalFiles: [] };
  }
  const files = new Map<string, Uint8Array>();
  for (const part of parts) {
    const name = path.posix.normalize(part.location);
    if (!files.has(name)) files.set(name, await readExternal(onnxPath, part));
  }
  const externalFiles = [...files.keys()].sort();
  const hash = createHash('sha256').update(graph);
  let sizeBytes = graph.length;
  for (const name of externalFiles) {
    const content = files.get(name) as Uint8Array;
    hash.update(content);
    sizeBytes += content.length;
  }
  const bytes = inlineExternalData(graph, onnxPath, ({ tensor, location, offset, length }) => {
    const content = files.get(path.posix.normalize(location)) as Uint8Array;
    const end = length === undefined ? content.length : offset + length;
    if (end <= content.length && offset <= end) return content.subarray(offset, end);
    throw new ModelError(
      `${onnxPath}: tensor ${tensor}: expected its data at bytes ${offset} to ${end} of ${location}, got a file of ${content.length} bytes; fetch both files of the model again`,
    );
  });
  return { bytes, sizeBytes, sha256: hash.digest('hex'), graphSha256, externalFiles };
}

/** A .tflite file lies in one piece. */
function tfliteFile(bytes: Uint8Array, file: string): OnnxFile {
  readTflite(bytes, file);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { bytes, sizeBytes: bytes.length, sha256, graphSha256: sha256, externalFiles: [] };
}

/** The file that a tensor names; a model may come from anyone, so it must lie in the model's own folder. */
async function readExternal(onnxPath: string, { tensor, location }: ExternalPart): Promise<Uint8Array> {
  const shown = JSON.stringify(shortenText(location));
  const refuse = (got: string): ModelError =>
    new ModelError(
      `${onnxPath}: tensor ${tensor}: expected its external data in a file beside the .onnx, got ${shown}, ${got}; put the file there, or save the model in one file (onnx.save_model without save_as_external_data)`,
    );
  if (!staysInFolder(location)) {
    throw refuse('which does not stay in its folder');
  }
  const folder = path.dirname(onnxPath);
  const file = path.join(folder, location);
  let real: string;
  try {
    real = await realpath(file);
    if (!real.startsWith(path.join(await realpath(folder), path.sep)))
      throw refuse('a link that leads out of its folder');
    if (!(await stat(real)).isFile()) throw refuse('which is no file');
    return refuseLfsPointer(await readFile(real), real, ModelError);
  } catch (cause) {
    if (cause instanceof ModelError) throw cause;
    throw refuse(`which cannot be read (${(cause as NodeJS.ErrnoException).code ?? 'an error'})`);
  }
}
