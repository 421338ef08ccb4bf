import type { FaceMeshes } from '../dense/face-meshes.js';
import { type Column, renderTable } from '../terminal/table.js';
import type { DetectedCell } from './detected-cell.js';
import { type Face, facesOf } from './face.js';

/** Most faces that the terminal shows; more are in the other forms. */
const mostRows = 60;

const columns: readonly Column[] = [
  { heading: 'image' },
  { heading: 'face', numeric: true },
  { heading: 'score', numeric: true },
  { heading: 'x', numeric: true },
  { heading: 'y', numeric: true },
  { heading: 'width', numeric: true },
  { heading: 'height', numeric: true },
];

/** The faces found as text for a terminal, then a line for each detector. */
export function formatFaces(cells: readonly DetectedCell[], minScore: number): string {
  const several = cells.length > 1;
  const rows: string[][] = [];
  let more = 0;
  const dense = cells.some(({ meshes }) => meshes !== undefined);
  for (const { name, meshes, detected } of cells) {
    for (const image of detected) {
      facesOf(image, minScore).forEach((face, index) => {
        const { boxXywh, score } = face;
        if (rows.length >= mostRows) more++;
        else {
          rows.push([
            ...(several ? [name] : []),
            image.image,
            String(index + 1),
            score.toFixed(3),
            ...boxXywh.map((value) => value.toFixed(1)),
            ...(dense ? meshCells(face, meshes) : []),
          ]);
        }
      });
    }
  }
  const shown = [
    ...(several ? [{ heading: 'detector' }] : []),
    ...columns,
    ...(dense ? [{ heading: 'landmarks off', numeric: true }, { heading: 'mesh' }] : []),
  ];
  const table = rows.length === 0 ? [] : [renderTable(shown, rows)];
  const rest = more > 0 ? [`and ${more} more faces: --json, --csv or --out FILE gives all`] : [];
  return [...table, ...rest, ...(table.length > 0 ? [''] : []), ...cells.map((cell) => summarise(cell, minScore))].join(
    '\n',
  );
}

/** How far the mesh's landmarks lie from the detected ones, as a share of the face, and what is wrong with the mesh. */
function meshCells(face: Face, meshes: FaceMeshes | undefined): [off: string, wrong: string] {
  const mesh = meshes?.of(face);
  if (mesh === undefined) return ['', ''];
  if ('lost' in mesh) return ['', `none: ${mesh.lost}`];
  return [`${(100 * mesh.landmarkErrorShare).toFixed(1)} %`, mesh.doubtful ? 'doubtful' : ''];
}

function summarise({ name, model, backend, scale, detected }: DetectedCell, minScore: number): string {
  let faces = 0;
  let below = 0;
  let best = 0;
  let withFaces = 0;
  for (const { detections } of detected) {
    const scores = detections.filter((_, at) => at % 5 === 4);
    const shown = scores.filter((score) => score >= minScore).length;
    faces += shown;
    below += scores.length - shown;
    if (shown > 0) withFaces++;
    best = Math.max(best, ...scores.filter((score) => score < minScore));
  }
  const lower = below > 0 ? `; ${below} more score below ${minScore}, the best ${best.toFixed(3)} (--min-score)` : '';
  const where = detected.length === 1 ? '1 image' : `${withFaces} of ${detected.length} images`;
  return `${name === '' ? `${model} on ${backend}, ${scale}` : name}: ${faces} ${faces === 1 ? 'face' : 'faces'} in ${where}${lower}`;
}
