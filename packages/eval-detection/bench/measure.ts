/** COCO's numbers of two COCO files; prints one line of JSON with CPU seconds by stage. Run by score.bench.ts. */
import { loadAnnotations, loadPredictions, matchImages } from '@retinabench/annotations';
import { evaluateCoco } from '../src/coco/evaluate-coco.js';
import { defaultFaceSettings, evaluateDetection, evaluatedFaces, metrics, prepareMatching } from '../src/index.js';

const [truthFile, predictionsFile] = process.argv.slice(2);

let before = process.cpuUsage();
function lap(): number {
  const { user, system } = process.cpuUsage(before);
  before = process.cpuUsage();
  return (user + system) / 1e6;
}

const truth = loadAnnotations(truthFile);
const { predictions } = loadPredictions(predictionsFile, { annotations: truth });
const { annotations } = truth;
const { predictionOf } = matchImages(annotations, predictions);
const place = (image: number, end: 0 | 1): number => (image < 0 ? 0 : predictions.start[image + end]);
const ranges = {
  first: predictionOf.map((image) => place(image, 0)),
  end: predictionOf.map((image) => place(image, 1)),
};
const { boxesXywh, scores } = predictions;
const read = lap();
const faces = evaluatedFaces(annotations, defaultFaceSettings);
const input = prepareMatching(faces, { ranges, boxesXywh, scores });
const prepare = lap();
const { values } = evaluateCoco(input, { maxDets: [1, 10, 100], influence: false });
const match = lap();
const peakCocoMb = process.resourceUsage().maxRSS / 1024;
evaluateDetection(
  annotations,
  { ranges, boxesXywh, scores },
  { faces: defaultFaceSettings, metrics, maxDets: [1, 10, 100], iou: 0.5, atScore: 0.5 },
);
const all = lap();
const peakMb = process.resourceUsage().maxRSS / 1024;
process.stdout.write(JSON.stringify({ read, prepare, match, ap: values.ap, peakCocoMb, all, peakMb }));
