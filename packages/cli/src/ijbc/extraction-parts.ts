import { type DetectionProtocol, detectionSettings, resolveProtocol } from '@retinabench/backends';
import { ProtocolError } from '@retinabench/core';
import { type CropPlan, cardSettings, cropPlanOf, defaultModelId, type ModelCard } from '@retinabench/models';
import { type LoadedModel, resolveModel } from '@retinabench/models/node';
import type { ProtocolSettings } from '@retinabench/results';
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
function alignmentWords(crop: CropPlan, { embedding }: ModelCard): string {
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

/** What of an extraction is chosen beside its models. */
export interface ExtractionChoice {
  readonly crop: CropPlan;
  /** Whether the mirrored crop is embedded, too. */
  readonly mirror: boolean;
  /** Of the detection. */
  readonly asked: Partial<DetectionProtocol>;
  readonly resizeLongPx?: number;
}

/** The cards of its models. */
export interface ExtractionCards {
  readonly detector?: ModelCard;
  readonly landmarker?: ModelCard;
  readonly embedder: ModelCard;
}

/** Every setting of the extraction that changes a feature. */
export function extractionSettings(
  { crop, mirror, asked, resizeLongPx }: ExtractionChoice,
  { detector, landmarker, embedder }: ExtractionCards,
): ProtocolSettings {
  return {
    landmarks: landmarksWords(detector, landmarker),
    alignment: alignmentWords(crop, embedder),
    mirrored: mirror,
    ...(embedder.embedding?.flip === 'concat' ? { flip: 'concat' } : {}),
    ...(resizeLongPx === undefined ? {} : { resizeLongPx }),
    ...(detector === undefined ? {} : detectionSettings(resolveProtocol(asked, detector), detector)),
    ...under('embedder', cardSettings(embedder)),
    ...(landmarker === undefined ? {} : under('landmarker', cardSettings(landmarker))),
  };
}

function under(part: string, settings: ProtocolSettings): ProtocolSettings {
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [`${part}.${name}`, value]));
}

function landmarksWords(detector: ModelCard | undefined, landmarker: ModelCard | undefined): string {
  if (detector === undefined) return 'given';
  if (landmarker !== undefined) return `of ${landmarker.id} in the detected box`;
  return detector.landmarks ? 'detected' : 'typical of the detected box';
}
