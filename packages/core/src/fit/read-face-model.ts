import { ModelError } from '../errors.js';
import { MeshDecoder } from '../mesh/decoder.js';
import { readDecoderWeights } from '../mesh/decoder-weights.js';
import { loadHierarchy } from '../mesh/hierarchy-file.js';
import { readSafetensors } from '../safetensors/read.js';
import type { FaceModel } from './face-model.js';

/**
 * The face model of two files: a mesh hierarchy and the decoder that was trained on it.
 *
 * @param hierarchyFile bytes as saveHierarchy wrote them.
 * @param decoderFile   bytes of decoderTensors, whose metadata name five `landmarks` vertices.
 * @param place         the files' names, for messages.
 * @throws {ModelError} if a file is damaged, or the two do not belong together.
 */
export function readFaceModel(
  hierarchyFile: Uint8Array,
  decoderFile: Uint8Array,
  place: { readonly hierarchy: string; readonly decoder: string },
): FaceModel {
  const hierarchy = loadHierarchy(hierarchyFile, place.hierarchy);
  const file = readSafetensors(decoderFile, place.decoder);
  const decoder = new MeshDecoder(hierarchy, readDecoderWeights(file, hierarchy, place.decoder));
  const landmarks = (file.metadata.landmarks ?? '').split(',').map(Number);
  const known = landmarks.every((index) => Number.isInteger(index) && index >= 0 && index < decoder.vertexCount);
  if (landmarks.length !== 5 || !known) {
    throw new ModelError(
      `${place.decoder}: expected metadata landmarks, five vertices below ${decoder.vertexCount}, got ${file.metadata.landmarks}; install the package again`,
    );
  }
  return { decoder, triangles: hierarchy.levels[0].mesh.triangles, landmarks };
}
