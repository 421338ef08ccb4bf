import { ModelError } from '@retinabench/core';
import { externalParts, isTflite, tfliteElsewhere } from '@retinabench/models';

/**
 * Assert that a model lies in one piece. A runtime that is given bytes would look for the rest in the current folder, and
 * whatever lies there would become part of the number.
 *
 * @param model the bytes of an .onnx file.
 * @param place the file's name, for messages.
 * @throws {ModelError} if a tensor lies in another file.
 * Cost: O(fields of the message).
 */
export function assertSelfContained(model: Uint8Array, place: string): void {
  if (isTflite(model)) throw tfliteElsewhere(place);
  const [part] = externalParts(model, place);
  if (part === undefined) return;
  throw new ModelError(
    `${place}: tensor ${part.tensor}: its data lie in another file (${JSON.stringify(part.location)}); read the model with readOnnxFile, which brings them in, or save it in one file`,
  );
}
