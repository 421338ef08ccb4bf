import { describe, expect, it } from 'vitest';
import { detectionKinds, faceKinds, judgeImage } from '../../src/view/judge-image.js';
import { listImages, type ViewChoice } from '../../src/view/list-images.js';
import { listMisses } from '../../src/view/list-misses.js';
import { everyBox } from '../../src/view/tally-image.js';
import { totalRun } from '../../src/view/total-run.js';
import { packIndex, unpackIndex, type ViewIndex } from '../../src/view/view-index.js';
import { formatViewLink, readViewLink } from '../../src/view/view-link.js';

/**
 * Image 0 has three faces: 20 px, blurred; 60 px; 10 px, which counts in split 1 alone. Image 1 has one of 30 px, image 2 none.
 * First record, image 0: 0.9 on face 0, 0.8 on face 0 again, 0.7 near face 1, 0.6 on face 1, 0.5 on face 2, 0.4 on nothing.
 * Second record: 0.9 on face 1 of image 0, 0.3 on face 0 of image 1. It does not evaluate image 2.
 */
const index: ViewIndex = {
  title: 'two records',
  images: ['a/x', 'b/y', 'b/z'],
  present: Uint8Array.of(1, 1, 0),
  attributes: ['heavy blur'],
  splits: ['one', 'other'],
  faces: {
    start: Int32Array.of(0, 3, 4, 4),
    heightsPx: Float64Array.of(20, 60, 10, 30),
    attributes: Uint32Array.of(1, 0, 0, 0),
  },
  records: [0, 1].map((place) => ({
    key: `R${place + 1}`,
    label: 'run',
    file: 'run.json',
    numbers: [],
    atScore: 0.5,
    protocolId: '0123456789ab',
  })),
  runs: [
    {
      evaluated: Uint8Array.of(1, 1, 1),
      counted: Uint8Array.of(3, 3, 2, 3),
      start: Int32Array.of(0, 6, 6, 7),
      scores: Float64Array.of(0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.9),
      face: Int32Array.of(0, 0, -1, 1, 2, -1, -1),
      near: Int32Array.of(-1, -1, 1, -1, -1, -1, -1),
      aside: Uint8Array.of(0, 0, 0, 0, 0, 0, 1),
      heightsPx: Float64Array.of(21, 22, 50, 61, 11, 40, 40),
    },
    {
      evaluated: Uint8Array.of(1, 1, 0),
      counted: Uint8Array.of(3, 3, 2, 3),
      start: Int32Array.of(0, 1, 2, 2),
      scores: Float64Array.of(0.9, 0.3),
      face: Int32Array.of(1, 0),
      near: Int32Array.of(-1, -1),
      aside: Uint8Array.of(0, 0),
      heightsPx: Float64Array.of(58, 31),
    },
  ],
  notes: [],
};

const choice: ViewChoice = {
  a: 0,
  b: 1,
  scores: [0.5, 0.5],
  split: 0,
  text: '',
  look: 'anything',
  filter: everyBox,
  changedOnly: false,
  order: 'name',
};

const { below, hit, localisation, duplicate, background, ignored } = detectionKinds;
const { uncounted, found, missed } = faceKinds;

function judged(score: number, split: number) {
  const out = { faces: new Uint8Array(3), detections: new Uint8Array(6) };
  judgeImage(index.faces, index.runs[0], 0, { score, split }, out);
  return { faces: [...out.faces], detections: [...out.detections] };
}

describe('judgeImage', () => {
  it('tells what each box is at a score: what is below it changes nothing for the others', () => {
    expect(judged(0, 0)).toEqual({
      faces: [found, found, uncounted],
      detections: [hit, duplicate, localisation, hit, ignored, background],
    });
    // At 0.65 the detection on face 1 (0.6) is gone: the face is missed, and the one near it stays a localisation error.
    expect(judged(0.65, 0)).toEqual({
      faces: [found, missed, uncounted],
      detections: [hit, duplicate, localisation, below, below, below],
    });
    // A detection of exactly the score is used.
    expect(judged(0.6, 0).faces).toEqual([found, found, uncounted]);
  });

  it('counts the faces of the split', () => {
    expect(judged(0.5, 1)).toEqual({
      faces: [found, found, found],
      detections: [hit, duplicate, localisation, hit, hit, below],
    });
  });
});

describe('totalRun', () => {
  it('sums over the images that the record evaluates', () => {
    // Image 0: faces 0 and 1 found; 0.8 duplicate, 0.7 localisation, 0.5 ignored, on a face of the other split.
    // Image 1: its face missed. Image 2 has no face, and a detection that is ignored.
    expect(totalRun(index.faces, index.runs[0], { score: 0.5, split: 0 })).toEqual({
      found: 2,
      missed: 1,
      localisation: 1,
      duplicate: 1,
      background: 0,
      ignored: 2,
    });
    // At 0.3 the face of image 1 is found; face 0 of image 0 is missed.
    expect(totalRun(index.faces, index.runs[1], { score: 0.3, split: 0 })).toMatchObject({ found: 2, missed: 1 });
  });
});

describe('listImages', () => {
  const images = (changes: Partial<ViewChoice>): number[] =>
    listImages(index, { ...choice, ...changes }).map(({ image }) => image);

  it('says what changed from the first record to the second, face by face', () => {
    const [first, second, third] = listImages(index, choice);
    // Image 0 at 0.5: the first finds 0 and 1 with 2 false positives, the second finds 1 alone with none.
    expect(first.change).toEqual({ lost: 1, gained: 0, falsePositives: -2 });
    expect(second).toEqual({ image: 1, a: second.a, b: second.b });
    expect(third.b).toBeUndefined();
    // At 0.3 the second finds the face of image 1.
    expect(listImages(index, { ...choice, scores: [0.5, 0.3] })[1].change).toEqual({
      lost: 0,
      gained: 1,
      falsePositives: 0,
    });
  });

  it('keeps the images that a filter asks for', () => {
    expect(images({})).toEqual([0, 1, 2]);
    expect(images({ changedOnly: true })).toEqual([0]);
    expect(images({ folder: 'b' })).toEqual([1, 2]);
    expect(images({ text: 'A/X' })).toEqual([0]);
    expect(images({ look: 'duplicate' })).toEqual([0]);
    expect(images({ look: 'background' })).toEqual([]);
    expect(images({ look: 'background', scores: [0.4, 0.5] })).toEqual([0]);
    expect(images({ look: 'missed' })).toEqual([0, 1]);
    // A missed face of at least 40 px: the first record finds the one of 60 px, and so does the second.
    expect(images({ look: 'missed', filter: { ...everyBox, lowPx: 40 } })).toEqual([]);
    // The blurred face is found by the first and missed by the second.
    expect(images({ look: 'missed', filter: { ...everyBox, attribute: 1 } })).toEqual([0]);
  });

  it('orders by what is worst in either record', () => {
    expect(images({ order: 'most false' })).toEqual([0, 1, 2]);
    const { b: _, ...alone } = choice;
    // The first record alone misses no face of image 0 and the one of image 1.
    expect(listImages(index, { ...alone, order: 'most missed' }).map(({ image }) => image)).toEqual([1, 0, 2]);
    // In one split both find face 1 of image 0 at 0.6 and 0.3 with 2 false positives less: 1 + 2; image 1 gains a face: 1.
    expect(images({ order: 'most changed', scores: [0.6, 0.3] })).toEqual([0, 1, 2]);
  });
});

describe('listMisses', () => {
  it('has the missed faces of a record, largest first', () => {
    const listed = listImages(index, choice);
    // The first record misses the face of image 1 at 0.5, and both faces of image 0 at 1.
    expect(listMisses(index, choice, 0, listed)).toEqual([{ image: 1, face: 0, heightPx: 30 }]);
    const strict = { ...choice, scores: [1, 1] };
    expect(listMisses(index, strict, 0, listed).map(({ heightPx }) => heightPx)).toEqual([60, 30, 20]);
  });

  it('has those that another record finds', () => {
    // At 1 the first record misses all; the second finds the faces of 60 px (0.9) and 30 px (0.3) at 0.3, at 0.5 the first alone.
    const missed = (score: number) => {
      const asked = { ...choice, scores: [1, score] };
      return listMisses(index, asked, 0, listImages(index, asked), 1).map(({ heightPx }) => heightPx);
    };
    expect([missed(0.3), missed(0.5)]).toEqual([[60, 30], [60]]);
  });
});

describe('packIndex', () => {
  it('is read back as it was', () => {
    expect(unpackIndex(Uint8Array.from(packIndex(index)).buffer)).toEqual(index);
  });

  it('names a body that was cut', () => {
    const bytes = packIndex(index);
    expect(() => unpackIndex(Uint8Array.from(bytes.subarray(0, bytes.length - 8)).buffer)).toThrow(
      /expected \d+ bytes/,
    );
    expect(() => unpackIndex(new ArrayBuffer(2))).toThrow(/got 2/);
  });
});

describe('a link to a view', () => {
  const first = readViewLink(index, '').choice;
  const asked: ViewChoice = {
    a: 1,
    scores: [0.25, 0.5],
    split: 1,
    folder: 'a',
    text: 'x & y=z#',
    look: 'false positive',
    filter: { lowPx: 8, highPx: 40.5, attribute: 1 },
    changedOnly: false,
    order: 'most missed',
  };

  it('gives back what it was made of', () => {
    for (const choice of [first, asked, { ...first, changedOnly: true }]) {
      for (const image of [0, 1, 2]) {
        expect(readViewLink(index, `#${formatViewLink(index, { choice, image })}`)).toEqual({
          choice,
          image,
          doubts: [],
        });
      }
    }
  });

  it('names what is not as the page opens, and the image', () => {
    expect(formatViewLink(index, { choice: first, image: 1 })).toMatch(/^image=b%2Fy&of=[0-9a-f]{8}$/);
    expect(formatViewLink(index, { choice: asked, image: 0 })).toMatch(
      /^image=a%2Fx&record=R2&beside=none&score\.R1=0\.25&split=other&with=false%20positive&folder=a&from=8&to=40\.5&attribute=heavy%20blur&name=x%20%26%20y%3Dz%23&order=most%20missed&of=/,
    );
  });

  it('shows what it can of a link that is not of these records, and says what it cannot', () => {
    const { choice, image, doubts } = readViewLink(
      index,
      '#image=gone&record=R9&with=<b>&from=high&attribute=&split=other&colour=red&of=00000000&%ff=1',
    );
    expect(choice).toEqual({ ...first, split: 1 });
    expect(image).toBeUndefined();
    expect(doubts).toEqual([
      '%ff=1: expected percent-encoded UTF-8, got something else',
      'it was made of records with other numbers: the images and scores may not be those that were meant',
      'record: expected R1, R2, got R9',
      expect.stringMatching(/^attribute: expected heavy blur, got $/),
      expect.stringMatching(/^with: expected anything, .*, got <b>$/),
      'from: expected a number, got high',
      'image: expected a/x, b/y, b/z, got gone',
      'colour: no setting of a view',
    ]);
  });
});
