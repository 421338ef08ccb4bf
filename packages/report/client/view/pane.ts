import { detectionKinds, faceKinds, type JudgedImage, judgeImage } from '../../src/view/judge-image.js';
import { passesDetection, passesFace } from '../../src/view/tally-image.js';
import { element } from '../element.js';
import { themeColour } from '../theme.js';
import { fetchBoxes, type ImageBoxes } from './server.js';
import type { ViewState } from './view-state.js';

/** Where the image lies on the screen: screen = image x scale + (x, y). */
export interface Frame {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

/** Kinds of boxes that can be hidden; each is the name of a colour. */
export const drawnKinds = ['hit', 'miss', 'localisation', 'duplicate', 'background', 'ignored'] as const;

export type DrawnKind = (typeof drawnKinds)[number];

/** A box as it is drawn. */
interface DrawnBox {
  readonly kind: DrawnKind;
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
  readonly text: string;
  /** Outside the filter: drawn faintly. */
  readonly faint: boolean;
}

const kindOfDetection: Readonly<Record<number, DrawnKind | undefined>> = {
  [detectionKinds.hit]: 'hit',
  [detectionKinds.localisation]: 'localisation',
  [detectionKinds.duplicate]: 'duplicate',
  [detectionKinds.background]: 'background',
  [detectionKinds.ignored]: 'ignored',
};

/** One image with what one record makes of it. */
export class Pane {
  readonly canvas = element('canvas', { class: 'pane', tabindex: -1 });
  /** The picture that is shown; its size is that of the image. */
  picture: HTMLImageElement | undefined;
  /** What the pointer is on. */
  onPoint: (text: string) => void = () => undefined;
  readonly #state: ViewState;
  readonly #record: number;
  #boxes: ImageBoxes | undefined;
  #image = -1;
  #drawn: readonly DrawnBox[] = [];
  #frame: Frame = { scale: 1, x: 0, y: 0 };

  constructor(state: ViewState, record: number) {
    this.#state = state;
    this.#record = record;
    this.canvas.dataset.record = String(record);
    this.canvas.addEventListener('pointermove', (event) => this.onPoint(this.#textAt(event.offsetX, event.offsetY)));
  }

  /** Show the image of the state, with its boxes as they are at the score; `hidden` kinds are left out. */
  async show(picture: HTMLImageElement | undefined, frame: Frame, hidden: ReadonlySet<DrawnKind>): Promise<void> {
    const { image, index } = this.#state;
    this.picture = picture;
    this.#frame = frame;
    if (image !== this.#image) {
      this.#image = image;
      this.#boxes = undefined;
      const boxes = await fetchBoxes(index, this.#record, image);
      if (this.#image !== image) return;
      this.#boxes = boxes;
    }
    const order = (kind: DrawnKind): number => drawnKinds.indexOf(kind);
    // What stands first in the list of kinds is drawn last, on top: a duplicate hides no hit.
    this.#drawn = this.#judge()
      .filter(({ kind }) => !hidden.has(kind))
      .sort((a, b) => order(b.kind) - order(a.kind));
    this.draw();
  }

  /** Draw again, in another frame. */
  draw(frame: Frame = this.#frame): void {
    this.#frame = frame;
    const { canvas } = this;
    const ratio = devicePixelRatio;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    const context = canvas.getContext('2d');
    if (context === null) return;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const { scale, x, y } = frame;
    if (this.picture !== undefined) {
      context.imageSmoothingEnabled = scale < 2;
      const { naturalWidth, naturalHeight } = this.picture;
      context.drawImage(this.picture, x, y, naturalWidth * scale, naturalHeight * scale);
    }
    for (const box of this.#drawn) {
      context.globalAlpha = box.faint ? 0.25 : 1;
      context.lineWidth = box.kind === 'ignored' ? 1 : 2;
      context.setLineDash(box.kind === 'miss' || box.kind === 'ignored' ? [5, 3] : []);
      context.strokeStyle = themeColour(`box-${box.kind}`);
      context.strokeRect(x + box.x * scale, y + box.y * scale, box.w * scale, box.h * scale);
    }
    context.globalAlpha = 1;
  }

  /** Numbers of the boxes that are drawn, by kind. */
  get counts(): Readonly<Record<DrawnKind, number>> {
    const counts = { hit: 0, miss: 0, localisation: 0, duplicate: 0, background: 0, ignored: 0 };
    for (const { kind } of this.#drawn) counts[kind]++;
    return counts;
  }

  #judge(): DrawnBox[] {
    const { index, choice, image } = this.#state;
    const run = index.runs[this.#record];
    const boxes = this.#boxes;
    if (boxes === undefined || run.evaluated[image] === 0) return [];
    const cut = { score: choice.scores[this.#record], split: choice.split };
    const room: JudgedImage = {
      faces: new Uint8Array(boxes.faces.length / 4),
      detections: new Uint8Array(boxes.detections.length / 4),
    };
    const judged = judgeImage(index.faces, run, image, cut, room);
    const drawn: DrawnBox[] = [];
    const [firstFace, first] = [index.faces.start[image], run.start[image]];
    judged.detections.forEach((detected, at) => {
      const kind = kindOfDetection[detected];
      if (kind === undefined) return;
      const [x, y, w, h] = boxes.detections.subarray(4 * at, 4 * at + 4);
      const text = `${kind}, score ${run.scores[first + at].toPrecision(4)}, ${Math.round(h)} px`;
      drawn.push({ kind, x, y, w, h, text, faint: !passesDetection(run, first + at, choice.filter) });
    });
    judged.faces.forEach((became, face) => {
      if (became === faceKinds.found) return;
      const [x, y, w, h] = boxes.faces.subarray(4 * face, 4 * face + 4);
      const kind = became === faceKinds.missed ? 'miss' : 'ignored';
      const bits = index.faces.attributes[firstFace + face];
      const attributes = index.attributes.filter((_, bit) => (bits & (1 << bit)) !== 0);
      const text = [kind === 'miss' ? 'missed face' : 'face that does not count', `${Math.round(h)} px`, ...attributes];
      drawn.push({
        kind,
        x,
        y,
        w,
        h,
        text: text.join(', '),
        faint: !passesFace(index.faces, firstFace + face, choice.filter),
      });
    });
    return drawn;
  }

  /** What the smallest box under a point says. */
  #textAt(px: number, py: number): string {
    const { scale, x, y } = this.#frame;
    const [ix, iy] = [(px - x) / scale, (py - y) / scale];
    const under = this.#drawn.filter((box) => ix >= box.x && ix <= box.x + box.w && iy >= box.y && iy <= box.y + box.h);
    return under.sort((a, b) => a.w * a.h - b.w * b.h).map(({ text }) => text)[0] ?? '';
  }
}
