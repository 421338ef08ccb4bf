import path from 'node:path';
import { readImageFile } from '@retinabench/backends';
import { checkJson, DatasetError, type JsonContract, objectSchemaWithOptional } from '@retinabench/core';
import type { ExtractResult, ExtractTask } from '@retinabench/eval-ijbc';
import type { AnsweredBy, FleetCodec, ImageAnswer } from '@retinabench/queue';

/** A face as it travels: features as base64 of float32, little-endian, so that every bit arrives. */
interface TravellingFace {
  readonly points: readonly number[];
  readonly score: number;
  readonly source: 'detected' | 'given' | 'not-found';
  readonly feature: string;
  readonly flipped?: string;
}

const base64 = { type: 'string', pattern: '^[A-Za-z0-9+/]+={0,2}$' } as const;

const contract: JsonContract = {
  schema: objectSchemaWithOptional(
    {
      points: { type: 'array', items: { type: 'number' }, minItems: 10, maxItems: 10 },
      score: { type: 'number' },
      source: { type: 'string', enum: ['detected', 'given', 'not-found'] },
      feature: base64,
      flipped: base64,
    },
    ['flipped'],
  ),
  what: 'the face of an image',
  next: 'use the same version of retinabench on all machines',
  ErrorClass: DatasetError,
};

/**
 * How images to embed travel to a worker, and their features back.
 *
 * @param root folder of the images: their names in the queue are relative to it.
 * @param flip the features of the mirrored crops are asked for, too.
 */
export function extractionCodec(root: string, flip: boolean): FleetCodec<ExtractTask, ExtractResult[]> {
  /** Numbers of a feature, as the first one has them. */
  let dimensions: number | undefined;
  const featureOf = (text: string, place: string): Float32Array => {
    const feature = unpackFloats(text, place);
    dimensions ??= feature.length;
    if (feature.length !== dimensions || !feature.every(Number.isFinite)) {
      throw new DatasetError(
        `${place}: expected ${dimensions} finite numbers, got ${feature.length}, or one that is not finite`,
      );
    }
    return feature;
  };
  return {
    imagesOf: ({ images }) =>
      images.map(({ file, points, score, knownSha256 }) => ({
        name: path.relative(root, file).split(path.sep).join('/'),
        file,
        ...(knownSha256 === undefined ? {} : { knownSha256 }),
        ...(points === undefined ? {} : { numbers: [...points, ...(score === undefined ? [] : [score])] }),
      })),
    resultOf: ({ images }, answers: readonly ImageAnswer[], by: AnsweredBy | undefined) =>
      answers.map(({ reading, answer }, i) => {
        if (answer === undefined) return { reading };
        const place = `what a worker found in ${images[i].file}`;
        const { points, score, source, feature, flipped } = checkJson<TravellingFace>(answer, place, contract);
        const huge = [score, ...points].find((value) => !Number.isFinite(Math.fround(value)));
        if (huge !== undefined) throw new DatasetError(`${place}: expected points in pixels, got ${huge}`);
        if ((flipped !== undefined) !== flip) {
          throw new DatasetError(`${place}: expected ${flip ? 'a' : 'no'} feature of the mirrored crop`);
        }
        return {
          reading,
          ...(by?.differs === undefined ? {} : { madeBy: by.differs }),
          face: {
            points: Float32Array.from(points),
            score,
            source,
            feature: featureOf(feature, place),
            ...(flipped === undefined ? {} : { flipped: featureOf(flipped, place) }),
          },
        };
      }),
    read: async (file) => {
      const { sha256, stamp } = await readImageFile(file);
      return { sha256, ...(stamp === undefined ? {} : { stamp }) };
    },
  };
}

/** A face as it travels. */
export function packFace({
  points,
  score,
  source,
  feature,
  flipped,
}: NonNullable<ExtractResult['face']>): TravellingFace {
  return {
    points: [...points],
    score,
    source,
    feature: packFloats(feature),
    ...(flipped === undefined ? {} : { flipped: packFloats(flipped) }),
  };
}

function packFloats(values: Float32Array): string {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, i) => {
    bytes.writeFloatLE(value, i * 4);
  });
  return bytes.toString('base64');
}

function unpackFloats(text: string, place: string): Float32Array {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length % 4 !== 0)
    throw new DatasetError(`${place}: expected numbers of four bytes, got ${bytes.length} bytes`);
  return Float32Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(i * 4));
}
