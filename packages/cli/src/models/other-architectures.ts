import { cardEvidence } from '@retinabench/backends';
import { ModelError } from '@retinabench/core';
import { architectureIds, type ImportedModel, importCheckpoint } from '@retinabench/models';
import { draftPhotographs } from './card/photographs.js';

/** By how much another architecture has to find more faces before it is said: photographs are few. */
const margin = 0.02;

/**
 * Whether a checkpoint fits another architecture better than the one that it was imported as: networks that differ in an
 * activation or their anchors alone have the same tensors, and the wrong one loads without complaint.
 *
 * @param checkpoint bytes of the checkpoint.
 * @returns what to tell the user, in a sentence; undefined if no other architecture has these tensors, or none finds more of the
 * annotated faces.
 */
export async function betterArchitecture(
  checkpoint: Uint8Array,
  place: string,
  architecture: string,
  imported: ImportedModel,
): Promise<string | undefined> {
  const others = architectureIds.flatMap((id) => {
    if (id === architecture) return [];
    try {
      return [{ id, model: importCheckpoint(checkpoint, place, id) }];
    } catch (error) {
      if (error instanceof ModelError) return [];
      throw error;
    }
  });
  if (others.length === 0) return undefined;
  const images = await draftPhotographs();
  const fitnessOf = async ({ onnx, card }: ImportedModel): Promise<number> =>
    (await cardEvidence({ bytes: onnx, card }, images))?.fitness ?? 0;
  const own = await fitnessOf(imported);
  for (const { id, model } of others) {
    const fitness = await fitnessOf(model);
    if (fitness > own + margin) {
      return `the same tensors as ${id}, with which more of the annotated photographs' faces are found (fitness ${fitness.toFixed(3)}, as ${architecture} ${own.toFixed(3)}); if the network was trained so, import it with --architecture ${id}`;
    }
  }
  return undefined;
}
