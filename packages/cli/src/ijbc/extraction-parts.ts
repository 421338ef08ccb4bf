import { detectionSettings, resolveProtocol } from '@retinabench/backends';
import { ProtocolError } from '@retinabench/core';
import { type CropPlan, cardSettings, cropPlanOf, defaultModelId } from '@retinabench/models';
import { type LoadedModel, resolveModel } from '@retinabench/models/node';
import type { ProtocolSettings } from '@retinabench/results';
import { askedProtocol } from '../detection/flags.js';
import type { ExtractionFlags } from './extraction-flags.js';

/** The 68-point network for an embedder that takes squares, where the detector has no landmarks of its own. */
const defaultLandmarkerId = 'face-api-landmark68';

/** The models of an extraction, and what the card of its embedder says of crops. */
export interface ExtractionParts {
  readonly crop: CropPlan;
  readonly mirror: boolean;
  readonly detector: LoadedModel | undefined;
  readonly landmarker: LoadedModel | undefined;
  readonly embedder: LoadedModel;
}

/**
 * Find the models of an extraction.
 *
 * @throws {ModelError} if one is unknown, or the embedder's card has no crop of its input's sides.
 * @throws {ProtocolError} if the crop needs a detector and the landmarks are given.
 */
export async function resolveExtractionParts(flags: ExtractionFlags): Promise<ExtractionParts> {
  const embedder = await resolveModel(flags.embedder);
  const detector = flags.landmarks === 'given' ? undefined : await resolveModel(flags.model ?? defaultModelId);
  const { input, embedding, id } = embedder.card;
  const crop = cropPlanOf(input, embedding, `model ${id}`);
  if (crop.kind === 'box' && detector === undefined) {
    throw new ProtocolError(
      `--landmarks given: expected an embedder whose crop is cut by five points, got ${id}, which takes the detected box; use --landmarks detect`,
    );
  }
  const needsLandmarker = crop.kind === 'square' && detector?.card.landmarks === false;
  const landmarkerId = flags.landmarker ?? (needsLandmarker ? defaultLandmarkerId : undefined);
  const landmarker =
    detector === undefined || landmarkerId === undefined ? undefined : await resolveModel(landmarkerId);
  return { crop, mirror: flags.mirror && embedding?.flip !== 'none', detector, landmarker, embedder };
}

/** The name or the places of the five points, or what else the crop is cut by. */
function alignmentWords(crop: CropPlan, { embedding }: LoadedModel['card']): string {
  switch (crop.kind) {
    case 'points': {
      const rule = embedding?.crop;
      const name =
        rule?.rule === 'points'
          ? `points ${crop.points.join(' ')}`
          : rule?.rule === 'template'
            ? rule.template
            : 'arcface';
      return `${name}, similarity of five points, bilinear`;
    }
    case 'square':
      return 'face-api, square around eyes and mouth';
    case 'box':
      return `box, made square, margin ${crop.margin}, bilinear`;
  }
}

/** Every setting of the extraction that changes a feature. */
export function extractionSettings(
  flags: ExtractionFlags,
  { crop, mirror, detector, landmarker, embedder }: ExtractionParts,
): ProtocolSettings {
  return {
    landmarks: landmarksWords(detector, landmarker),
    alignment: alignmentWords(crop, embedder.card),
    mirrored: mirror,
    ...(embedder.card.embedding?.flip === 'concat' ? { flip: 'concat' } : {}),
    ...(flags.resizeLong === undefined ? {} : { resizeLongPx: flags.resizeLong }),
    ...(detector === undefined
      ? {}
      : detectionSettings(resolveProtocol(askedProtocol(flags), detector.card), detector.card)),
    ...under('embedder', cardSettings(embedder.card)),
    ...(landmarker === undefined ? {} : under('landmarker', cardSettings(landmarker.card))),
  };
}

function under(part: string, settings: ProtocolSettings): ProtocolSettings {
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [`${part}.${name}`, value]));
}

function landmarksWords(detector: LoadedModel | undefined, landmarker: LoadedModel | undefined): string {
  if (detector === undefined) return 'given';
  if (landmarker !== undefined) return `of ${landmarker.card.id} in the detected box`;
  return detector.card.landmarks ? 'detected' : 'typical of the detected box';
}
