/**
 * Equation 3 for the PyTorch ablation: core is its own oracle. Reads requests on standard input and answers on standard
 * output until the input ends: a request is a whole number n in 32 bits, then n times 144 numbers of the dense head, 10
 * landmarks over the crop (0..1) and a crop [64, 64, 3] (0..1), all float32; an answer is n times a value and 144 derivatives.
 * A face whose camera is degenerate gives zeros.
 */
import { readFileSync, readSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { FaceObjective, isRetinaBenchError, readFaceModel, splitDense } from '@retinabench/core';

const [parameters, points, cropPx] = [144, 10, 64];
const row = parameters + points + cropPx * cropPx * 3;
const require = createRequire(import.meta.url);
const place = { hierarchy: 'face-hierarchy.safetensors', decoder: 'face-decoder.safetensors' };
const file = (name) => readFileSync(require.resolve(`@retinabench/core/data/mesh/${name}`));
const objective = new FaceObjective(readFaceModel(file(place.hierarchy), file(place.decoder), place), cropPx);

/** The next bytes of standard input; undefined at its end. */
function take(length) {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length; ) {
    const got = readSync(0, bytes, at, length - at, null);
    if (got === 0) return undefined;
    at += got;
  }
  return bytes;
}

for (let header = take(4); header !== undefined; header = take(4)) {
  const count = header.readUInt32LE();
  const bytes = take(count * row * 4);
  if (bytes === undefined) break;
  const given = new Float32Array(bytes.buffer, bytes.byteOffset, count * row);
  const answer = new Float32Array(count * (parameters + 1));
  for (let face = 0; face < count; face++) {
    const own = given.subarray(face * row, (face + 1) * row);
    const { latent, camera, illumination } = splitDense(Float64Array.from(own.subarray(0, parameters)));
    try {
      const landmarks = own.subarray(parameters, parameters + points);
      const { total } = objective.evaluate(latent, camera, illumination, own.subarray(parameters + points), landmarks);
      if (!Number.isFinite(total)) continue;
      answer[face * (parameters + 1)] = total;
      answer.set([...objective.latent, ...objective.camera, ...objective.illumination], face * (parameters + 1) + 1);
    } catch (error) {
      if (!isRetinaBenchError(error)) throw error;
    }
  }
  const out = Buffer.from(answer.buffer);
  for (let at = 0; at < out.length; ) at += writeSync(1, out, at);
}
