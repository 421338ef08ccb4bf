import { type DetectionProtocol, detectionSettings, resolveProtocol } from '@retinabench/backends';
import { type CropPlan, cardSettings, type ModelCard } from '@retinabench/models';
import type { ProtocolSettings } from '@retinabench/results';

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

function under(part: string, settings: ProtocolSettings): ProtocolSettings {
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [`${part}.${name}`, value]));
}

function landmarksWords(detector: ModelCard | undefined, landmarker: ModelCard | undefined): string {
  if (detector === undefined) return 'given';
  if (landmarker !== undefined) return `of ${landmarker.id} in the detected box`;
  return detector.landmarks ? 'detected' : 'typical of the detected box';
}
