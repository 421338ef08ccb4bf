/**
 * The five points of RetinaFace on a mean head: left eye, right eye, tip of the nose, left and right corner of the mouth as the image
 * shows them; x to the right, y down, z towards the camera, centimetres. Source: MediaPipe's canonical face model (Apache-2.0),
 * vertices 33 and 133, 263 and 362 (means), 1, 61, 291.
 */
const head: readonly (readonly [number, number, number])[] = [
  [-3.15, -2.62, 3.47],
  [3.15, -2.62, 3.47],
  [0, 1.13, 7.48],
  [-2.46, 4.34, 4.28],
  [2.46, 4.34, 4.28],
];

const yaws = [-75, -60, -45, -30, -15, 0, 15, 30, 45, 60, 75] as const;

/** How far heads are nodded: as people hold them, and as cameras at a ceiling or on a table see them besides. */
const usualPitches = [-30, 0, 30] as const;
const steepPitches = [-70, -50, 50, 70] as const;

/** Views of the head, centred, of unit length: x and y of each point. */
const usualViews = viewsAt(usualPitches);
const allViews = [...usualViews, ...viewsAt(steepPitches)];

function viewsAt(pitches: readonly number[]): readonly Float64Array[] {
  return yaws.flatMap((yaw) => pitches.map((pitch) => viewOf(yaw, pitch)));
}

function viewOf(yaw: number, pitch: number): Float64Array {
  const [a, b] = [(yaw * Math.PI) / 180, (pitch * Math.PI) / 180];
  const view = Float64Array.from(
    head.flatMap(([x, y, z]) => [
      x * Math.cos(a) + z * Math.sin(a),
      y * Math.cos(b) - (z * Math.cos(a) - x * Math.sin(a)) * Math.sin(b),
    ]),
  );
  centre(view);
  const length = Math.hypot(...view);
  return view.map((value) => value / length);
}

/**
 * How far five points are from the shape of a face seen from anywhere in front, turned and of any size: the root of the share of their
 * extent that the nearest view leaves unexplained. 0 is a face; points of detectors have 0.09 in the median, with the nose and an eye
 * exchanged 0.4.
 *
 * @param points Float64Array [10]: x and y of each.
 * @param order  which point is taken for left eye, right eye, nose, left and right corner of the mouth.
 * @param from   where the face may be seen from: `usual` leaves out what is seen from far above or below.
 * @returns 0..1; NaN where a point is not given or all coincide.
 */
export function offFaceShape(points: Float64Array, order: readonly number[], from: 'anywhere' | 'usual'): number {
  const own = Float64Array.from(order.flatMap((point) => [points[2 * point], points[2 * point + 1]]));
  centre(own);
  let extent = 0;
  for (const value of own) extent += value * value;
  if (!(extent > 0)) return Number.NaN;
  let explained = 0;
  for (const view of from === 'usual' ? usualViews : allViews) {
    // The best turn and size of the view in the plane, as one complex factor.
    let [real, imaginary] = [0, 0];
    for (let at = 0; at < own.length; at += 2) {
      real += own[at] * view[at] + own[at + 1] * view[at + 1];
      imaginary += own[at + 1] * view[at] - own[at] * view[at + 1];
    }
    explained = Math.max(explained, real * real + imaginary * imaginary);
  }
  return Math.sqrt(Math.max(0, 1 - explained / extent));
}

function centre(points: Float64Array): void {
  let [x, y] = [0, 0];
  for (let at = 0; at < points.length; at += 2) {
    x += (2 * points[at]) / points.length;
    y += (2 * points[at + 1]) / points.length;
  }
  for (let at = 0; at < points.length; at += 2) {
    points[at] -= x;
    points[at + 1] -= y;
  }
}
