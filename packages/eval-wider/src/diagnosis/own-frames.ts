import { formatCount, quantile } from '@retinabench/results';
import { apWords } from '../ground-truth/ground-truth.js';
import { boxLayoutNames } from '../predictions/box-layout.js';
import { scoreWider } from '../score/score.js';
import { type Diagnosis, type DiagnosisInput, formatAps } from './diagnosis.js';
import { widerWords } from './diagnosis-words.js';
import { type EachFit, fitEachImage } from './search/fit-each-image.js';
import { exchange } from './search/is-convincing.js';
import { sampleImages } from './search/sample.js';

/** Images that have to be explained by a map of their own, and their share of those that can tell. */
const fewestImages = 5;
const fewestShare = 0.35;

/** How many times as many as without maps, and as with the detections of other images. */
const timesChance = 2.5;

/**
 * Whether each image needs a scale and a shift of its own: boxes are in a frame, or mirrored, and no size of an image is
 * known to tell how.
 *
 * Cost: under a second; only for runs that find too little and that nothing else explains.
 */
export function diagnoseOwnFrames(input: DiagnosisInput): Diagnosis[] {
  const sample = sampleImages(input);
  const fit = fitEachImage(sample);
  const { maps, eligible, unmapped } = fit;
  if (maps.length < Math.max(fewestImages, fewestShare * eligible)) return [];
  if (maps.length < timesChance * unmapped || maps.length < timesChance * fitEachImage(exchange(sample)).maps.length)
    return [];
  const sized = sample.some(({ size }) => size !== undefined);
  const { groundTruth, predictions, protocol, words = widerWords } = input;
  return [
    {
      code: 'misread-boxes',
      level: 'error',
      evidence: `in ${formatCount(maps.length)} of ${formatCount(eligible)} images with several faces the detections fall on the faces once each image has a scale and a shift of its own${describe(fit)}: the boxes are not in pixels of the image`,
      effect: `${apWords(groundTruth)} ${formatAps(scoreWider(groundTruth, predictions, protocol))} as given`,
      fix: sized
        ? 'write boxes in pixels of the original image: undo resizing, padding and mirroring'
        : `name the folder with the images with ${words.imagesFlag}, whose sizes tell the frame and its flag, or write boxes in pixels of the original image`,
    },
  ];
}

function describe({ layout, mirrored, maps }: EachFit): string {
  const range = (of: (map: EachFit['maps'][number]) => number): string => {
    const values = maps.map(of);
    return `${quantile(values, 0.1).toPrecision(3)} to ${quantile(values, 0.9).toPrecision(3)}`;
  };
  const how = mirrored === 'none' ? '' : `, mirrored (${mirrored})`;
  const read = layout === 'xywh' ? '' : `, read as ${boxLayoutNames[layout]}`;
  return ` (factors of ${range(({ scaleX }) => Math.abs(scaleX))} in x and ${range(({ scaleY }) => Math.abs(scaleY))} in y${how}${read})`;
}
