import { formatCount, formatShare } from '@retinabench/results';
import type { Diagnosis, DiagnosisInput } from './diagnosis.js';
import { widerWords } from './diagnosis-words.js';
import type { MatchEvidence } from './evidence.js';

/** Detections and faces from which on finding next to nothing cannot be a weak detector. */
const manyDetections = 200;
const manyFaces = 50;

/** Shares of the faces found, and of the images whose best detection is right, that are next to nothing. */
const fewFound = 0.01;
const fewRight = 0.05;

/** Share of the images whose best detection is right below which a run is doubtful. */
const someRight = 0.3;

/** Detections and faces from which on finding no face at all is said. */
const someDetections = 3;
const someFaces = 3;

/** Faces and detections, of however few images, and the share of either found and right below which AP is next to 0. */
const enough = 20;
const littleFound = 0.05;

/**
 * The last resort: many boxes that find next to no face are an error, whatever the reason; no reading that was tried
 * explains them.
 */
export function diagnoseFindsNothing(
  { origin, groundTruth, sizeOf, words = widerWords }: DiagnosisInput,
  evidence: MatchEvidence,
): Diagnosis[] {
  const { detections, matches, faces, found, topHit, recall } = evidence;
  const allFaces = faces.reduce((sum, own) => sum + own, 0);
  const allFound = found.reduce((sum, own) => sum + own, 0);
  const boxes = detections.scores.length;
  const tops = topHit.reduce((sum, hit) => sum + (hit >= 0 ? 1 : 0), 0);
  const right = topHit.reduce((sum, hit) => sum + (hit === 1 ? 1 : 0), 0);
  const many = boxes >= manyDetections && allFaces >= manyFaces;
  // A detector of large faces alone may find less than 1 % of all; its best detections are right.
  const hopeless = (recall < fewFound && right < someRight * tops) || (tops >= 20 && right < fewRight * tops);
  const none = boxes >= someDetections && allFaces >= someFaces && !matches.face.some((face) => face >= 0);
  const few = many && tops >= 20 && right < someRight * tops;
  if (!(many && hopeless) && !none) {
    if (few) return [findsLittle(tops, right, recall)];
    const hits = matches.face.reduce((sum, face) => sum + (face >= 0 ? 1 : 0), 0);
    const isLittle = tops < 20 && right < someRight * tops && boxes >= enough && allFaces >= enough;
    return isLittle && recall < littleFound && hits < littleFound * boxes ? [findsFew(boxes, allFound, allFaces)] : [];
  }
  const sized = sizeOf !== undefined && groundTruth.images.some((name) => sizeOf(name) !== undefined);
  const untried = sized
    ? ''
    : `, of those that need no sizes of images: ${words.imagesFlag}, with the images, lets the others be tried`;
  return [
    {
      code: 'finds-nothing',
      level: (many && hopeless) || boxes >= manyDetections ? 'error' : 'warning',
      evidence: `${formatCount(boxes)} detections find ${formatCount(allFound)} of ${formatCount(allFaces)} faces (${formatShare(recall)}), and the best detection of ${formatCount(tops - right)} of ${formatCount(tops)} images goes to no face; no usual reading of the boxes finds more${untried}`,
      effect: 'AP is next to 0, and says nothing of the detector',
      fix:
        origin === 'detector'
          ? "check the card: the anchors and variances, the unit of the boxes, how pixels are brought to the network (mean, scale, order of colours), and that the images are the ground truth's"
          : 'look at some boxes drawn on their images: are they of these images, in pixels of the original?',
    },
  ];
}

/** A run that finds some faces and has its best detections wrong: doubtful, but not impossible. */
function findsLittle(images: number, right: number, recall: number): Diagnosis {
  return {
    code: 'finds-little',
    level: 'warning',
    evidence: `the best detection goes to a face in only ${formatCount(right)} of ${formatCount(images)} images, and ${formatShare(recall)} of the faces are found; no usual reading of the boxes finds more`,
    effect: 'AP is that of a detector that is wrong where it is surest',
    fix: 'look at some boxes drawn on their images: weak detectors, too, are right about the faces that they are surest of',
  };
}

/** Few images of many faces: a best detection for each says little, all detections together say enough. */
function findsFew(boxes: number, found: number, faces: number): Diagnosis {
  return {
    code: 'finds-little',
    level: 'warning',
    evidence: `${formatCount(boxes)} detections find only ${formatCount(found)} of ${formatCount(faces)} faces; no usual reading of the boxes finds enough more to be sure of it`,
    effect: 'AP is next to 0, as of boxes that are read wrongly',
    fix: 'look at some boxes drawn on their images: are they of these images, in pixels of the original? More images let the readings of boxes be told apart',
  };
}
