import type { ComposedDecoder, ComposedLandmarks, ScoreFactor, ValueSource } from '../card/composed.js';
import { type BoxReading, boxReadings, decodedReadings } from './box-readings.js';
import type { DecoderDraft } from './decoder-draft.js';
import { heatMapDrafts } from './heat-map-drafts.js';
import type { NetworkProbe } from './network-probe.js';
import { type OutputPart, outputParts, pointLevels } from './output-parts.js';
import { type RowScheme, rowSchemes } from './row-scheme.js';

/** Where scores or points come from, in words and as a card says it. */
interface Choice<Value> {
  readonly words: string;
  readonly value: Value;
}

/**
 * Every reading of a network's outputs that their shapes allow. Score activations are left out: values tell them
 * (`settleActivations`).
 *
 * Cost: tens to hundreds of small objects.
 */
export function decoderDrafts(probe: NetworkProbe): DecoderDraft[] {
  const parts = outputParts(probe);
  const drafts = parts.flatMap((part) =>
    (rowSchemes[part.values] ?? []).flatMap((scheme) => draftsOf(part, scheme, parts, probe)),
  );
  return [...drafts, ...heatMapDrafts(parts)];
}

function draftsOf(
  part: OutputPart,
  scheme: RowScheme,
  parts: readonly OutputPart[],
  probe: NetworkProbe,
): DecoderDraft[] {
  const beside = parts.filter(
    (other) => other !== part && other.count === part.count && sameLevels(other, part) && other.isMap === part.isMap,
  );
  const scores = scheme.scores.length > 0 ? [inlineScores(part, scheme)] : separateScores(beside);
  const landmarks = scheme.points ? [inlinePoints(part, scheme)] : separatePoints(beside);
  const suppressed = suppressedBy(part, parts, probe);
  const readings = readingsFor(part, scheme);
  return readings.flatMap((reading) =>
    scores.flatMap((score) =>
      (landmarks.length > 0 ? landmarks : [undefined]).map((points): DecoderDraft => {
        const decoder: ComposedDecoder = {
          kind: 'composed',
          ...geometryOf(reading, part),
          scores: {
            factors: score.value,
            ...(score.value.length > 1 && reading.family === 'YuNet' ? { combine: 'geometric-mean' as const } : {}),
            ...(score.value.length > 1 && reading.family === 'UltraFace' ? { combine: 'geometric-mean' as const } : {}),
          },
          boxes: {
            from: [sourceOf(part, scheme.box === 0 && part.values === 4 * (scheme.bins ?? 1) ? undefined : scheme.box)],
            ...reading.rule,
            ...(scheme.bins === undefined ? {} : { bins: scheme.bins }),
          },
          ...(points === undefined ? {} : { landmarks: { ...points.value, position: pointRule(reading, scheme) } }),
          ...(suppressed === undefined ? {} : { suppressed }),
        };
        return {
          family: familyOf(reading, scheme, part),
          choices: {
            outputs: scheme.scores.length > 0 ? scheme.title : `boxes ${nameOf(part)}`,
            scores: score.words,
            boxes: reading.boxes,
            ...(reading.anchors === undefined ? {} : { anchors: reading.anchors }),
            ...(points === undefined ? {} : { points: points.words }),
          },
          decoder,
        };
      }),
    ),
  );
}

/** The family whose preprocessing and suppression go with a reading. */
function familyOf(
  { family, rule }: BoxReading,
  { bins, points, scores }: RowScheme,
  { levels }: OutputPart,
): DecoderDraft['family'] {
  if (bins !== undefined) return 'YOLOv8-face';
  // YuNet of 2021 has the anchors of UltraFace, and points beside its boxes.
  if (family === 'UltraFace' && points !== undefined && scores.length === 0) return 'YuNet';
  if (family !== 'decoded boxes' || levels === undefined) return family;
  const perCell = levels.map((level) => level.perCell).join();
  // YOLO decodes to centres in pixels, UltraFace to corners in fractions; the same grid with others is nobody's own.
  const isYolo = rule.values === 'cx cy w h' && rule.position?.unit === 'pixels';
  if (isYolo && /^3(,3)+$/.test(perCell)) return 'YOLOv5-face';
  if (isYolo && /^1(,1)+$/.test(perCell)) return 'YOLOv8-face';
  return perCell === '3,2,2,3' && rule.position?.unit === 'input' ? 'UltraFace' : family;
}

/** YOLOv7-face and YOLOv8-face write points as YOLO writes centres, about the corner of the cell; others as their boxes. */
function pointRule(reading: BoxReading, scheme: RowScheme): BoxReading['points'] {
  const isRawYolo = reading.family === 'YOLOv5-face' && scheme.points?.values === 'x y v';
  return scheme.bins !== undefined || isRawYolo
    ? { origin: 'point', unit: 'stride', factor: 2, add: -0.5 }
    : reading.points;
}

function readingsFor(part: OutputPart, scheme: RowScheme): BoxReading[] {
  if (scheme.bins !== undefined) {
    return part.levels === undefined
      ? []
      : boxReadings(part.levels).filter(({ boxes }) => boxes.endsWith('in strides, from the centre of the cell'));
  }
  return part.levels === undefined ? decodedReadings() : boxReadings(part.levels);
}

/**
 * Raw YOLO heads that were flattened anchor by anchor say so; boxes that are decoded need no geometry, unless they lie in
 * several outputs.
 */
function geometryOf({ geometry, family }: BoxReading, part: OutputPart): Pick<ComposedDecoder, 'geometry'> {
  const cells = part.cells === 'floor' ? { cells: part.cells } : {};
  if (geometry !== undefined) {
    const order = family === 'YOLOv5-face' && !part.isMap ? { order: 'k h w' } : {};
    return { geometry: { ...geometry, ...cells, ...order } };
  }
  return typeof part.tensor === 'string' ? {} : { geometry: { levels: pointLevels(part.levels ?? []), ...cells } };
}

function inlineScores(part: OutputPart, { scores, title }: RowScheme): Choice<ScoreFactor[]> {
  const value = scores.map(({ at, classes }) => ({
    ...sourceOf(part, at),
    ...(classes > 1 ? { classes, keep: [classes - 1] } : {}),
  }));
  return { words: scores.length > 1 ? `${title}: the product` : title, value };
}

function separateScores(beside: readonly OutputPart[]): Choice<ScoreFactor[]>[] {
  const singles = beside.filter(({ values, outputs }) => values === 1 && !outputs.some(({ isInteger }) => isInteger));
  const pairs = beside.filter(({ values }) => values === 2);
  const single = (part: OutputPart): ScoreFactor => sourceOf(part, undefined);
  const pairOf = (part: OutputPart): ScoreFactor[] =>
    axesOfPairs(part).map((axes) => ({ ...sourceOf(part, undefined), axes, classes: 2, keep: [1] }));
  const [first, second] = singles;
  const choices: Choice<ScoreFactor[]>[] = [];
  if (first && second) {
    const clamp = true;
    choices.push({
      words: `${nameOf(first)} and ${nameOf(second)} together`,
      value: [
        { ...single(first), clamp },
        { ...single(second), clamp },
      ],
    });
  }
  for (const pair of pairs) {
    for (const factor of pairOf(pair)) {
      if (first) {
        const value = [factor, { ...single(first), clamp: true }];
        choices.push({ words: `second class of ${nameOf(pair)}, and ${nameOf(first)}`, value });
      }
      choices.push({ words: `second class of ${nameOf(pair)} (${factor.axes})`, value: [factor] });
    }
  }
  for (const part of singles) choices.push({ words: nameOf(part), value: [single(part)] });
  return choices;
}

/** Channels of two classes and two anchors lie anchor by anchor, or class by class. */
function axesOfPairs({ axes }: OutputPart): string[] {
  return axes.includes('(k v)') ? [axes.replace('(k v)', '(v k)'), axes] : [axes];
}

function inlinePoints(part: OutputPart, { points }: RowScheme): Choice<Omit<ComposedLandmarks, 'position'>> {
  const { at, count, values } = points as NonNullable<RowScheme['points']>;
  return {
    words: `${count} beside the box`,
    value: { from: sourceOf(part, at), points: count, ...(values === 'x y' ? {} : { values }) },
  };
}

function separatePoints(beside: readonly OutputPart[]): Choice<Omit<ComposedLandmarks, 'position'>>[] {
  return beside
    .filter(({ values }) => values === 10 || values === 15)
    .map((part) => ({
      words: nameOf(part),
      value: { from: sourceOf(part, undefined), points: 5, ...(part.values === 15 ? { values: 'x y v' } : {}) },
    }));
}

/** A source without `at` reads the whole candidate. */
function sourceOf({ tensor, axes }: OutputPart, at: number | undefined): ValueSource {
  return { tensor, ...(axes === 'n v' ? {} : { axes }), ...(at === undefined ? {} : { at }) };
}

function nameOf({ tensor }: OutputPart): string {
  return typeof tensor === 'string' ? tensor : `${tensor[0]} ...`;
}

function sameLevels(a: OutputPart, b: OutputPart): boolean {
  return JSON.stringify(pointLevels(a.levels ?? [])) === JSON.stringify(pointLevels(b.levels ?? []));
}

/** What says which candidates remain of a network that suppresses by itself: indices, a number of rows, or the rows alone. */
function suppressedBy(
  part: OutputPart,
  parts: readonly OutputPart[],
  probe: NetworkProbe,
): ComposedDecoder['suppressed'] | undefined {
  if (!probe.suppresses) return undefined;
  const triples = parts.filter(({ values, outputs }) => values === 3 && outputs[0].isInteger);
  if (triples.length === 1) return { indices: triples[0].outputs[0].name };
  if (part.levels !== undefined) return undefined;
  const counts = probe.outputs.filter(
    ({ dims, isInteger, most }) =>
      isInteger && dims.reduce((product, dim) => product * dim, 1) === 1 && most <= part.count,
  );
  return counts.length === 1 ? { count: counts[0].name } : {};
}
