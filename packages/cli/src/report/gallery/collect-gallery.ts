import path from 'node:path';
import { DatasetError, ProtocolError } from '@retinabench/core';
import { listWiderImages } from '@retinabench/datasets';
import type { GalleryImage, SourcedRecord } from '@retinabench/report';
import type { CollectedGallery } from '../../page/collect-page.js';
import { collectView } from '../../view/collect-view.js';
import { givenPredictions } from '../../view/given-predictions.js';
import type { ReportFlags } from '../flags.js';
import { buildGallery, type GalleryShot } from './build-gallery.js';
import { chooseImages } from './choose-images.js';
import { detectionShots } from './detection-shots.js';
import { type ImageLosses, imageLosses } from './image-losses.js';
import { widerShots } from './wider-shots.js';

/** Images of a gallery where the number is not asked for. */
const defaultGallery = 24;

/** A record that is shown. */
interface ShownRecord extends SourcedRecord {
  readonly key: string;
  readonly place: string;
  readonly predictions: string;
  readonly losses: ImageLosses;
}

/** What the images of each record are. */
interface CollectedShots {
  readonly shots: readonly (readonly GalleryShot[])[];
  readonly notes: readonly string[];
}

/**
 * The pictures of the records that `--pred` gives predictions of, the same images of each.
 *
 * @param records of the page, whatever their kind.
 * @param given   all flags of the command.
 * @throws {ProtocolError} if these records are of WIDER FACE and of detection, there are more flags than records, or nothing
 * says where their annotations or images lie.
 * @throws {DatasetError} if annotations, predictions or images cannot be read, or are not those of the record.
 */
export async function collectGallery(
  records: readonly SourcedRecord[],
  flags: ReportFlags,
  given: Readonly<Record<string, unknown>>,
): Promise<CollectedGallery> {
  const count = flags.gallery ?? (flags.pred.length > 0 ? defaultGallery : 0);
  if (count === 0 || flags.pred.length === 0) return { images: [], notes: [] };
  const shown = shownRecords(records, flags);
  const isWider = shown[0].record.kind === 'wider';
  if (isWider && flags.data === undefined) {
    throw new ProtocolError('--gallery shows pictures: say where the data set is with --data DIR');
  }
  requireLosses(shown);
  const { shots, notes } = isWider
    ? await shotsOfWider(shown, flags, count)
    : await shotsOfDetection(shown, flags, given, count);
  const pictured = new Set<string>();
  const maxBytes = Math.floor((flags.galleryMb * 2 ** 20) / shown.length);
  const images: GalleryImage[] = [];
  for (const [index, { key }] of shown.entries()) {
    images.push(...(await buildGallery({ key, shots: shots[index], pictured, maxBytes })));
  }
  return { images, notes };
}

function shownRecords(records: readonly SourcedRecord[], { pred, split }: ReportFlags): ShownRecord[] {
  const candidates = records.flatMap((source, index) =>
    source.record.kind === 'wider' || source.record.kind === 'detection'
      ? [{ ...source, key: `R${index + 1}`, place: source.file }]
      : [],
  );
  const predictions = givenPredictions(
    candidates.map(({ key }) => key),
    pred,
  );
  const shown = candidates.flatMap((candidate, index) => {
    const own = predictions.get(index);
    return own === undefined ? [] : [{ ...candidate, predictions: own, losses: imageLosses(candidate.record, split) }];
  });
  const other = shown.find(({ record }) => record.kind !== shown[0].record.kind);
  if (other !== undefined) {
    throw new ProtocolError(
      `--pred: expected predictions of records of one kind, got ${shown[0].place} of kind ${shown[0].record.kind} and ${other.place} of kind ${other.record.kind}; name those to show by key, as --pred ${other.key}=PATH`,
    );
  }
  return shown;
}

/** @throws {DatasetError} if a record does not say what its images cost. */
function requireLosses(shown: readonly ShownRecord[]): void {
  for (const { place, losses } of shown) {
    if (losses.lost.size > 0) continue;
    throw new DatasetError(
      `${place}: expected ${losses.number} lost per image for the gallery, got none; make the record with retinabench wider, or with eval or score and without --no-interval`,
    );
  }
}

async function shotsOfWider(
  shown: readonly ShownRecord[],
  { data = '', gt, split }: ReportFlags,
  count: number,
): Promise<CollectedShots> {
  const listed = await listWiderImages(data);
  const files = new Map(listed.map(({ event, image, file }) => [`${event}/${image}`, file]));
  const { names, notes } = chooseImages(shown, (name) => files.has(name), data, count);
  const groundTruth = gt ?? path.join(data, 'ground_truth');
  const shots = shown.map(({ record, place, predictions }) =>
    widerShots({ record, place, predictions, groundTruth, split, names, files }),
  );
  return { shots, notes };
}

async function shotsOfDetection(
  shown: readonly ShownRecord[],
  { data, gt, images }: ReportFlags,
  given: Readonly<Record<string, unknown>>,
  count: number,
): Promise<CollectedShots> {
  const view = await collectView(
    shown.map(({ file }) => file),
    {
      ...(data === undefined ? {} : { data }),
      ...(gt === undefined ? {} : { gt }),
      ...(images === undefined ? {} : { images }),
      pred: shown.map(({ predictions }) => predictions),
      force: 'never',
    },
    given,
  );
  const present = new Set(view.index.images.filter((_, image) => view.files[image] !== undefined));
  const root = images ?? data ?? gt ?? shown[0].place;
  const { names, notes } = chooseImages(shown, (name) => present.has(name), root, count);
  const numbers = [...new Set(shown.map(({ losses }) => losses.number))].join(' and ');
  return {
    shots: shown.map(({ losses }, index) => detectionShots(view, index, losses, names)),
    notes: [
      `What of ${numbers} is lost to an image is estimated to first order, from the influence that its record keeps; it is rough for images that hold a large share of the faces.`,
      ...view.index.notes,
      ...notes,
    ],
  };
}
