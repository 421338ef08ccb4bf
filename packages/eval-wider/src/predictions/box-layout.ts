/** What the four numbers of a box are, in the order in which they stand. */
export type BoxLayout = (typeof boxLayouts)[number];

/** All layouts that can be read: those of public tools, and these with x and y exchanged. */
export const boxLayouts = [
  'xywh',
  'xyxy',
  'cxcywh',
  'yxhw',
  'yxyx',
  'cycxhw',
  'xyhw',
  'yxwh',
  'xxyy',
  'yyxx',
  'trbl',
  'x2y2x1y1',
  'whxy',
] as const;

/** What each layout is called in messages. */
export const boxLayoutNames: Readonly<Record<BoxLayout, string>> = {
  xywh: 'x, y, width, height',
  xyxy: 'corners (x1 y1 x2 y2)',
  cxcywh: 'centre, width, height (cx cy w h)',
  yxhw: 'x and y exchanged (y x h w)',
  yxyx: 'corners with x and y exchanged (y1 x1 y2 x2)',
  cycxhw: 'centre boxes with x and y exchanged (cy cx h w)',
  xyhw: 'width and height exchanged (x y h w)',
  yxwh: 'x and y of the corner exchanged (y x w h)',
  xxyy: 'corners by axis (x1 x2 y1 y2)',
  yyxx: 'corners by axis, y before x exchanged (y1 y2 x1 x2)',
  trbl: 'corners as top, right, bottom, left (y1 x2 y2 x1)',
  x2y2x1y1: 'corners with the lower right one first (x2 y2 x1 y1)',
  whxy: 'size first (w h x y)',
};

type Read = (out: Float64Array, at: number, a: number, b: number, c: number, d: number) => void;

const put: Read = (out, at, x, y, w, h) => {
  out[at] = x;
  out[at + 1] = y;
  out[at + 2] = w;
  out[at + 3] = h;
};

const readers: Readonly<Record<BoxLayout, Read>> = {
  xywh: put,
  xyxy: (out, at, x1, y1, x2, y2) => put(out, at, x1, y1, x2 - x1, y2 - y1),
  cxcywh: (out, at, cx, cy, w, h) => put(out, at, cx - w / 2, cy - h / 2, w, h),
  yxhw: (out, at, y, x, h, w) => put(out, at, x, y, w, h),
  yxyx: (out, at, y1, x1, y2, x2) => put(out, at, x1, y1, x2 - x1, y2 - y1),
  cycxhw: (out, at, cy, cx, h, w) => put(out, at, cx - w / 2, cy - h / 2, w, h),
  xyhw: (out, at, x, y, h, w) => put(out, at, x, y, w, h),
  yxwh: (out, at, y, x, w, h) => put(out, at, x, y, w, h),
  xxyy: (out, at, x1, x2, y1, y2) => put(out, at, x1, y1, x2 - x1, y2 - y1),
  yyxx: (out, at, y1, y2, x1, x2) => put(out, at, x1, y1, x2 - x1, y2 - y1),
  trbl: (out, at, y1, x2, y2, x1) => put(out, at, x1, y1, x2 - x1, y2 - y1),
  x2y2x1y1: (out, at, x2, y2, x1, y1) => put(out, at, x1, y1, x2 - x1, y2 - y1),
  whxy: (out, at, w, h, x, y) => put(out, at, x, y, w, h),
};

/**
 * Bring boxes of a layout to x y w h.
 *
 * @param boxes Float64Array [N, 4] in the layout; may be `out` itself.
 * @param out   Float64Array [N, 4]: receives (x, y, w, h) in the same unit.
 * @returns `out`. Cost: O(N).
 */
export function toXywh(boxes: Float64Array, layout: BoxLayout, out: Float64Array): Float64Array {
  const read = readers[layout];
  for (let at = 0; at < boxes.length; at += 4) read(out, at, boxes[at], boxes[at + 1], boxes[at + 2], boxes[at + 3]);
  return out;
}
