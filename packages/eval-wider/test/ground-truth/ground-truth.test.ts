import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { EnvironmentError, seededRandom } from '@retinabench/core';
import { splits } from '@retinabench/results';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { groundTruthFromLabelText } from '../../src/ground-truth/from-label-text.js';
import { groundTruthFromMat } from '../../src/ground-truth/from-mat.js';
import { groundTruthFromText } from '../../src/ground-truth/from-text.js';
import { faceLabels, type WiderGroundTruth } from '../../src/ground-truth/ground-truth.js';
import { loadGroundTruth } from '../../src/ground-truth/load.js';
import { restrictGroundTruth } from '../../src/ground-truth/restrict.js';
import { buildGroundTruth } from '../build-ground-truth.js';
import { groundTruthFromJson } from '../json-ground-truth.js';
import { type MatInput, writeMat } from '../mat-writer.js';
import { shared, sharedIsAbsent } from '../shared-data.js';

const numbers = (values: readonly number[], columns = 1): MatInput => ({
  numbers: values,
  columns,
  type: columns === 4 ? 'int32' : 'uint8',
});
const cells = (...items: MatInput[]): MatInput => ({ cells: items });

/** Event a with images a1 (two faces) and a2 (none), event b with b1 (one face). */
function smallMat(): Record<string, MatInput> {
  const perFace = cells(cells(numbers([0, 1]), numbers([])), cells(numbers([0])));
  return {
    event_list: cells({ text: 'a' }, { text: 'b' }),
    file_list: cells(cells({ text: 'a1' }, { text: 'a2' }), cells({ text: 'b1' })),
    // Column by column: faces (1, 2, 30, 40) and (5, 6, 70, 80).
    face_bbx_list: cells(
      cells(numbers([1, 5, 2, 6, 30, 70, 40, 80], 4), numbers([], 4)),
      cells(numbers([9, 9, 9, 9], 4)),
    ),
    ...Object.fromEntries(faceLabels.map((label) => [`${label}_label_list`, perFace])),
  };
}

const gtList = (first: readonly number[]): Record<string, MatInput> => ({
  gt_list: cells(cells(numbers(first), numbers([])), cells(numbers([1]))),
});

const files = {
  faces: writeMat(smallMat()),
  easy: writeMat(gtList([2])),
  medium: writeMat(gtList([2])),
  hard: writeMat(gtList([1, 2])),
};

describe('groundTruthFromLabelText', () => {
  // The first line of faces is that of the example in RetinaFace's readme, shortened to two decimals.
  const text = `# 0--A/a.jpg
449 330 122 149 488.91 373.64 0.0 542.09 376.44 0.0 515.03 412.83 0.0 485.17 425.89 0.0 538.36 431.49 0.0 0.82
10 20 30 40 ${'-1.0 '.repeat(15)}0.2
# 1--B/b.jpg
1 2 3 4
`;

  it('reads boxes and landmarks; landmarks of -1 are none; every face counts', () => {
    const groundTruth = groundTruthFromLabelText(text, 'label.txt');
    expect(groundTruth.images).toEqual(['0--A/a', '1--B/b']);
    expect([...groundTruth.start]).toEqual([0, 2, 3]);
    expect([...groundTruth.boxesXywh]).toEqual([449, 330, 122, 149, 10, 20, 30, 40, 1, 2, 3, 4]);
    expect([...groundTruth.landmarks.subarray(0, 10)]).toEqual([
      488.91, 373.64, 542.09, 376.44, 515.03, 412.83, 485.17, 425.89, 538.36, 431.49,
    ]);
    expect([...groundTruth.landmarks.subarray(10)]).toEqual(Array(20).fill(-1));
    expect([...groundTruth.counted.hard]).toEqual([1, 1, 1]);
  });

  it('names the line of a face without an image, of another number of fields, and of a name without event', () => {
    expect(() => groundTruthFromLabelText('1 2 3 4\n', 'l')).toThrow(/^l:1: expected "# <event>/);
    expect(() => groundTruthFromLabelText('# a/b.jpg\n1 2 3 4 5\n', 'l')).toThrow(/^l:2: .*got 5 fields/);
    expect(() => groundTruthFromLabelText('# b.jpg\n', 'l')).toThrow(/^l:1: expected "# <event>/);
  });

  it('is what loadGroundTruth takes a .txt with # lines for, byte order mark or not', () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'retinabench-'));
    writeFileSync(path.join(folder, 'label.txt'), `\ufeff${text}`);
    expect(loadGroundTruth(path.join(folder, 'label.txt')).images).toEqual(['0--A/a', '1--B/b']);
    writeFileSync(path.join(folder, 'p.json'), 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n');
    expect(() => loadGroundTruth(path.join(folder, 'p.json'))).toThrow(/p\.json: .*Git LFS pointer/);
    rmSync(folder, { recursive: true });
  });
});

describe('groundTruthFromMat', () => {
  it('takes boxes, labels and split membership face by face', () => {
    const groundTruth = groundTruthFromMat(files, 'gt');
    expect(groundTruth.images).toEqual(['a/a1', 'a/a2', 'b/b1']);
    expect([...groundTruth.start]).toEqual([0, 2, 2, 3]);
    expect([...groundTruth.boxesXywh]).toEqual([1, 2, 30, 40, 5, 6, 70, 80, 9, 9, 9, 9]);
    expect([...groundTruth.labels.blur]).toEqual([0, 1, 0]);
    expect(splits.map((split) => [...groundTruth.counted[split]])).toEqual([
      [0, 1, 1],
      [0, 1, 1],
      [1, 1, 1],
    ]);
  });

  it('refuses files that do not belong together, and says where', () => {
    const beyond = { ...files, easy: writeMat(gtList([3])) };
    expect(() => groundTruthFromMat(beyond, 'gt')).toThrow(
      /gt\/wider_easy_val\.mat: gt_list\{1\}\{1\}: expected face numbers 1 to 2, got 3/,
    );
    const { pose_label_list: _, ...lacking } = smallMat();
    expect(() => groundTruthFromMat({ ...files, faces: writeMat(lacking) }, 'gt')).toThrow(
      /wider_face_val\.mat: pose_label_list: expected a cell array, got no such variable/,
    );
    const shapes = { ...smallMat(), face_bbx_list: cells(cells(numbers([1, 2, 3]), numbers([])), cells(numbers([1]))) };
    expect(() => groundTruthFromMat({ ...files, faces: writeMat(shapes) }, 'gt')).toThrow(
      /face_bbx_list\{1\}\{1\}: expected n x 4 numbers, got numeric 3 x 1/,
    );
  });
});

describe('groundTruthFromJson', () => {
  const labels = '"blur":2,"expression":0,"illumination":1,"occlusion":2,"pose":1,"invalid":0';
  const json = (splitNames: string, box = '[1,2,3.5,4]'): string =>
    `{"version":1,"images":[{"name":"a/a1","faces":[{"box":${box},${labels},"splits":${splitNames}}]},{"name":"a/a2","faces":[]}]}`;

  it('reads a file of several parts as buildGroundTruth builds its images, and names the image that is wrong', () => {
    const random = seededRandom(8);
    const labels = { blur: 2, expression: 1, illumination: 0, occlusion: 2, pose: 1, invalid: 0 };
    const images = Array.from({ length: 1500 }, (_, image) => ({
      name: `e${image % 7}/${image}`,
      faces: Array.from({ length: Math.floor(6 * random()) }, (_, face) => ({
        box: [1000 * random(), 5, face, 1 / 3],
        splits: face % 2 === 0 ? (['hard'] as const) : (['medium', 'hard'] as const),
        ...(face === 3 ? { landmarks: [1, 2, 3, 4, 5].map((point) => [point, 10 * random()]) } : {}),
      })),
    }));
    const text = (given: typeof images): string =>
      JSON.stringify({
        images: given.map(({ name, faces }) => ({ name, faces: faces.map((face) => ({ ...face, ...labels })) })),
        version: 1,
      });
    expect(text(images).length).toBeGreaterThan(2 * 256 * 1024);
    const expected = buildGroundTruth(
      images.map(({ name, faces }) => ({ name, faces: faces.map((face) => ({ ...face, labels })) })),
      'gt.json',
    );
    expect(groundTruthFromJson(text(images), 'gt.json')).toEqual(expected);
    const wrong = images.map((image, index) =>
      index === 1400 ? { ...image, faces: [{ box: [1], splits: [] }] } : image,
    );
    expect(() => groundTruthFromJson(text(wrong as unknown as typeof images), 'gt.json')).toThrow(
      'gt.json: not face annotations: images[1400].faces[0].box: expected at least 4 items',
    );
  });

  it('reads boxes, labels and splits', () => {
    const groundTruth = groundTruthFromJson(json('["hard"]'), 'gt.json');
    expect(groundTruth.images).toEqual(['a/a1', 'a/a2']);
    expect([...groundTruth.boxesXywh]).toEqual([1, 2, 3.5, 4]);
    expect(faceLabels.map((label) => groundTruth.labels[label][0])).toEqual([2, 0, 1, 2, 1, 0]);
    expect(splits.map((split) => groundTruth.counted[split][0])).toEqual([0, 0, 1]);
  });

  it('names what is wrong and where', () => {
    expect(() => groundTruthFromJson('{"version":1', 'gt.json')).toThrow(
      /gt\.json:1: expected "[,}].*the end of the file|gt\.json:1: expected/,
    );
    expect(() => groundTruthFromJson(json('["tiny"]'), 'gt.json')).toThrow(/images\[0\]\.faces\[0\]\.splits\[0\]/);
    expect(() => groundTruthFromJson(json('[]', '[1,2,3]'), 'gt.json')).toThrow(/box: expected at least 4 items/);
    expect(() => groundTruthFromJson(json('[]').replace('"blur":2', '"blur":3'), 'gt.json')).toThrow(
      /image a\/a1: face 1: expected blur 0 to 2, got 3/,
    );
    expect(() => groundTruthFromJson(json('[]').replace('a/a2', 'a/a1'), 'gt.json')).toThrow(/each image once/);
    expect(() => groundTruthFromJson('{"version":1,"images":[]}', 'gt.json')).toThrow(/at least one image/);
  });

  it('reads landmarks where a face has them and marks the others with -1', () => {
    const face = {
      box: [1, 2, 30, 40],
      blur: 0,
      expression: 0,
      illumination: 0,
      occlusion: 0,
      pose: 0,
      invalid: 0,
      splits: [],
    };
    const landmarks = [
      [8, 12],
      [22, 12.5],
      [15, 20],
      [9, 30],
      [21, 30],
    ];
    const parse = (faces: object[]) =>
      groundTruthFromJson(JSON.stringify({ version: 1, images: [{ name: 'a/a1', faces }] }), 'faces.json');
    const read = parse([face, { ...face, landmarks }]);
    expect([...read.landmarks]).toEqual([...new Array<number>(10).fill(-1), ...landmarks.flat()]);
    expect([...restrictGroundTruth(read, new Set(['a/a1'])).landmarks]).toEqual([...read.landmarks]);
    expect(() => parse([{ ...face, landmarks: landmarks.slice(1) }])).toThrow(/landmarks: expected at least 5 items/);
  });
});

describe('groundTruthFromText', () => {
  const text = 'a/x.jpg\n1\n1 2 3 4 2 1 0 1 2 1 \na/y.jpg\n0\n0 0 0 0 0 0 0 0 0 0 \na/z.jpg\n1\n5 6 7 8 0 0 0 0 0 0 \n';

  it('reads faces, images without faces with their line of zeros, and counts the valid faces', () => {
    const groundTruth = groundTruthFromText(text, 'gt.txt');
    expect(groundTruth.images).toEqual(['a/x', 'a/y', 'a/z']);
    expect([...groundTruth.start]).toEqual([0, 1, 1, 2]);
    expect(faceLabels.map((label) => groundTruth.labels[label][0])).toEqual([2, 1, 0, 2, 1, 1]);
    expect([...groundTruth.counted.hard]).toEqual([0, 1]);
  });

  it('names the line of what it does not expect', () => {
    expect(() => groundTruthFromText(text.replace('1 2 3 4 2', '1 2 x 4 2'), 'gt.txt')).toThrow(
      /gt\.txt:3: expected "x y/,
    );
    expect(() => groundTruthFromText(text.replace('\n1\n1 2', '\n2\n1 2'), 'gt.txt')).toThrow(
      /gt\.txt:4: expected "x y/,
    );
    expect(() => groundTruthFromText('a/x.jpg\n999999999\n', 'gt.txt')).toThrow(
      /gt\.txt:2: expected the number of faces/,
    );
    expect(() => groundTruthFromText('1 2 3', 'gt.txt')).toThrow(/gt\.txt:1: expected an image/);
  });
});

describe('restrictGroundTruth', () => {
  it('keeps the named images with their faces, in the old order', () => {
    const kept = restrictGroundTruth(groundTruthFromMat(files, 'gt'), new Set(['b/b1', 'a/a2', 'c/c1']));
    expect(kept.images).toEqual(['a/a2', 'b/b1']);
    expect([...kept.start]).toEqual([0, 0, 1]);
    expect([...kept.boxesXywh]).toEqual([9, 9, 9, 9]);
    expect([...kept.counted.easy]).toEqual([1]);
  });

  it('refuses images of which none is annotated', () => {
    expect(() => restrictGroundTruth(groundTruthFromMat(files, 'gt'), new Set(['a1']))).toThrow(/none is among the 3/);
  });
});

describe('loadGroundTruth', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'retinabench-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('says what a folder lacks', () => {
    expect(() => loadGroundTruth(path.join(folder, 'absent'))).toThrow(EnvironmentError);
    expect(() => loadGroundTruth(folder)).toThrow(
      /expected wider_face_val\.mat .* or wider_face_val\.json, got neither/,
    );
  });

  it('takes the JSON form, and the .mat files before it', () => {
    writeFileSync(path.join(folder, 'wider_face_val.json'), '{"version":1,"images":[{"name":"a/a","faces":[]}]}');
    expect(loadGroundTruth(folder).images).toEqual(['a/a']);
    for (const [key, name] of Object.entries({ faces: 'face', easy: 'easy', medium: 'medium', hard: 'hard' })) {
      writeFileSync(path.join(folder, `wider_${name}_val.mat`), files[key as keyof typeof files]);
    }
    expect(loadGroundTruth(folder).images).toEqual(['a/a1', 'a/a2', 'b/b1']);
    expect(loadGroundTruth(path.join(folder, 'wider_hard_val.mat')).images).toEqual(['a/a1', 'a/a2', 'b/b1']);
    rmSync(path.join(folder, 'wider_easy_val.mat'));
    expect(() => loadGroundTruth(folder)).toThrow(/got no wider_easy_val\.mat; fetch the official ground truth again/);
  });
});

describe.skipIf(sharedIsAbsent)('the official ground truth (skips without the shared data folder)', () => {
  let mat: WiderGroundTruth;
  beforeAll(() => {
    mat = loadGroundTruth(shared('datasets', 'wider', 'ground_truth'));
  });

  it('has 3,226 images, 39,708 faces and 7,211 / 13,319 / 31,958 counted ones', () => {
    expect(mat.images.length).toBe(3226);
    expect(mat.start[3226]).toBe(39708);
    const counts = splits.map((split) => mat.counted[split].reduce((sum, one) => sum + one, 0));
    expect(counts).toEqual([7211, 13319, 31958]);
  });

  it('is the same in the .mat files and in the text annotation', () => {
    const file = shared('datasets', 'wider', 'wider_face_val_bbx_gt.txt');
    const text = groundTruthFromText(readFileSync(file, 'utf8'), file);
    const reordered = mat.images.map((name) => text.images.indexOf(name));
    reordered.forEach((at, image) => {
      const [from, to] = [mat.start[image], mat.start[image + 1]];
      const [textFrom, textTo] = [text.start[at], text.start[at + 1]];
      expect(text.boxesXywh.subarray(4 * textFrom, 4 * textTo)).toEqual(mat.boxesXywh.subarray(4 * from, 4 * to));
      for (const label of faceLabels) {
        expect(text.labels[label].subarray(textFrom, textTo)).toEqual(mat.labels[label].subarray(from, to));
      }
    });
  });
});
