import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatasetError } from '@retinabench/core';
import fc from 'fast-check';
import { afterAll, describe, it } from 'vitest';
import { fuzzParser } from '../../../../tools/fuzz/fuzz-parser.js';
import { fuzzRuns } from '../../../../tools/fuzz/fuzz-runs.js';
import { mutatedBytes } from '../../../../tools/fuzz/mutated-bytes.js';
import { mutatedJson } from '../../../../tools/fuzz/mutated-json.js';
import { mutatedText } from '../../../../tools/fuzz/mutated-text.js';
import { readCoco } from '../../src/coco/read-annotations.js';
import { readResults } from '../../src/coco/read-results.js';
import { readCsv } from '../../src/csv/read-annotations.js';
import { readPredictionRows } from '../../src/csv/read-predictions.js';
import { readFaces } from '../../src/faces-json/read-annotations.js';
import { readDetectionLines } from '../../src/json-lines/read-predictions.js';
import { readLabelText } from '../../src/label-text/read-annotations.js';
import { loadAnnotations } from '../../src/load/load-annotations.js';
import { loadPredictions } from '../../src/load/load-predictions.js';
import { noSizes } from '../../src/reading/image-sizes.js';
import { recogniseHead } from '../../src/recognise/recognise-file.js';
import { type ByteSource, bytesSource } from '../../src/source/open-source.js';
import { readDetectionRows } from '../../src/voc/read-detections.js';
import { readVocImage } from '../../src/voc/read-image.js';
import { readWiderText } from '../../src/wider/read-annotations.js';
import { readWiderList } from '../../src/wider/read-predictions.js';
import { readDataYaml } from '../../src/yolo/data-yaml.js';
import { readYoloLines } from '../../src/yolo/read-label.js';
import { readingContext } from '../reading-context.js';

const runs = fuzzRuns(1000);
const place = 'file';
const source = (text: string): ByteSource => bytesSource(new TextEncoder().encode(text), place);
const context = readingContext();

const coco = {
  info: {},
  images: [
    { id: 1, file_name: 'a/1.jpg', width: 64, height: 48 },
    { id: 2, file_name: 'b.jpg' },
  ],
  annotations: [
    {
      id: 1,
      image_id: 1,
      category_id: 1,
      bbox: [1, 2, 3, 4],
      area: 12,
      iscrowd: 0,
      ignore: 1,
      keypoints: [1, 2, 2],
      blur: 1,
    },
    { id: 2, image_id: 2, category_id: 1, bbox: [1.5, 2, 3, 4e1], attributes: { who: 'x', mask: true } },
  ],
  categories: [{ id: 1, name: 'face', keypoints: ['nose'] }],
};
const results = [
  { image_id: 1, category_id: 1, bbox: [1, 2, 3, 4], score: 0.5, keypoints: [1, 2, 1] },
  { image_id: 2, category_id: 1, bbox: [1, 2, 3, 4], score: 0.25 },
];
const faces = {
  version: 1,
  landmarks: ['a', 'b'],
  images: [
    {
      name: 'a',
      width: 9,
      height: 9,
      faces: [{ box: [1, 2, 3, 4], landmarks: [[1, 2], null], crowd: 1, splits: ['hard'] }],
    },
    { name: 'b', faces: [] },
  ],
};
const csv =
  'image,width,height,x1,y1,x2,y2,label,ignore,nose_x,nose_y,"who ""is"" it"\na.jpg,64,48,1,2,3,4,face,0,1,2,"x,\ny"\nb.jpg,,,,,,,,,,,\n';
const predicted = 'score;image;x;y;w;h\n0.5;a.jpg;1;2;3;4\n0.25;"b;.jpg";5;6;7;8\n';
const voc =
  '<?xml version="1.0"?>\n<annotation><filename>a.jpg</filename><source><annotation>corners one-based</annotation></source><size><width>9</width><height>9</height></size>\n<object><name>face</name><pose>Left</pose><difficult>0</difficult><bndbox><xmin>1</xmin><ymin>1.5</ymin><xmax>3</xmax><ymax>4</ymax></bndbox><attributes><attribute><name>age</name><value>7</value></attribute></attributes></object></annotation>';
const wider = 'a/1.jpg\n2\n1 2 3 4 0 0 0 0 0 0\n5 6 7 8 2 1 1 1 2 1\n# /b.jpg\n0\n0 0 0 0 0 0 0 0 0 0\n';
const label = `# a/1.jpg\n1 2 3 4${' 1.5 2.5 0.0'.repeat(5)} 0.5\n5 6 7 8${' -1 -1 -1'.repeat(5)}\n# b.jpg\n1 2 3 4\n`;
const yaml = 'path: .\nval: images\nnc: 1\nnames:\n  0: face\nkpt_shape: [5, 3]\nkpt_names:\n  0: [a, b, c, d, e]\n';
const laughs = `a: &a [x,x,x,x]\nb: &b [*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c]\nnames: *d\nval: images\n`;
const labels = '0 0.5 0.5 0.25 0.25\n0 0.1 0.2 0.3 0.4 0.9\n';
const lines =
  '{"image":"a","box":[1,2,3,4],"score":0.5,"landmarks":[[1,2]]}\n{"image":"b","columns":"x1 y1 x2 y2 score","detections":[[1,2,3,4,0.5]]}\n';
const detections = 'a 0.5 1 2 3 4\nb c 0.25 5 6 7 8\n';

/** Words that are special to one of the forms, put in anywhere. */
const nasty = fc.constantFrom(
  '"',
  '""',
  "'",
  ',',
  ';',
  '\t',
  '\r',
  '\n\n',
  '&amp;',
  '&lol;',
  '<!DOCTYPE a [<!ENTITY lol "lol">]>',
  '<![CDATA[',
  ']]>',
  '<!--',
  '<?',
  '&#0;',
  '&#x110000;',
  '*a',
  '&b',
  '<<: *a',
  '!!js/function',
  '- ',
  ': ',
  '{}',
  '[',
  'NaN',
  '1e999',
  '0x10',
  '../../etc/passwd',
  '\u0000',
  '\ufeff',
  '\ud800',
  '<a>'.repeat(500),
  '['.repeat(500),
  '"'.repeat(501),
  'x'.repeat(5000),
  '1,'.repeat(2000),
  '# ',
  '-1',
  '1e-320',
);
const withNasty = (originals: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.constantFrom(...originals),
      fc.array(fc.tuple(nasty, fc.nat(10_000), fc.nat(8)), { minLength: 1, maxLength: 3 }),
    )
    .map(([text, changes]) =>
      changes.reduce((now, [word, at, drop]) => {
        const start = at % (now.length + 1);
        return now.slice(0, start) + word + now.slice(start + drop);
      }, text),
    );

const readers: readonly (readonly [name: string, inputs: fc.Arbitrary<string>, parse: (text: string) => unknown])[] = [
  ['COCO annotations', mutatedJson([coco]), (text) => readCoco(() => source(text), place, context)],
  [
    'COCO annotations, texts',
    withNasty([JSON.stringify(coco, null, 1)]),
    (text) => readCoco(() => source(text), place, context),
  ],
  ['COCO results', mutatedJson([results]), (text) => readResults(source(text), place, context)],
  ["this project's JSON", mutatedJson([faces]), (text) => readFaces(() => source(text), place, context)],
  [
    'CSV annotations',
    fc.oneof(mutatedText([csv]), withNasty([csv])),
    (text) => readCsv(() => source(text), place, ',', noSizes, context),
  ],
  [
    'CSV predictions',
    fc.oneof(mutatedText([predicted]), withNasty([predicted])),
    (text) => readPredictionRows(source(text), ';', noSizes, context),
  ],
  ['Pascal VOC', fc.oneof(mutatedText([voc]), withNasty([voc])), (text) => readVocImage(text, place)],
  [
    'VOC detections',
    fc.oneof(mutatedText([detections]), withNasty([detections])),
    (text) => readDetectionRows(source(text), context),
  ],
  ['WIDER text', fc.oneof(mutatedText([wider]), withNasty([wider])), (text) => readWiderText(text, place, context)],
  [
    'WIDER list of predictions',
    fc.oneof(mutatedText([wider]), withNasty([wider])),
    (text) => readWiderList(text, place, context),
  ],
  ['label.txt', fc.oneof(mutatedText([label]), withNasty([label])), (text) => readLabelText(text, place, context)],
  ['data.yaml', fc.oneof(mutatedText([yaml, laughs]), withNasty([yaml, laughs])), (text) => readDataYaml(text, place)],
  [
    'YOLO labels',
    fc.oneof(mutatedText([labels]), withNasty([labels])),
    (text) => readYoloLines(new TextEncoder().encode(text), place, () => undefined),
  ],
  [
    'JSON lines',
    fc.oneof(mutatedText([lines]), withNasty([lines])),
    (text) => readDetectionLines(source(text), context),
  ],
];

describe('readers of annotations and predictions under fuzzing', () => {
  it.each(readers.map((reader, index) => [...reader, index] as const))(
    '%s give a value or a DatasetError with file and cause',
    async (name, inputs, parse, index) => {
      await fuzzParser({ name, inputs, parse, errors: [DatasetError], place, seed: 1700 + index, runs });
    },
  );

  it('any text is recognised as something', async () => {
    const texts = [
      JSON.stringify(coco),
      JSON.stringify(results),
      csv,
      predicted,
      voc,
      wider,
      label,
      yaml,
      labels,
      lines,
      detections,
    ];
    await fuzzParser({
      name: 'recognition',
      inputs: fc.oneof(mutatedText(texts), withNasty(texts), fc.string({ unit: 'binary' })),
      parse: (text) => recogniseHead(text, false),
      errors: [],
      place,
      seed: 1750,
      runs,
      refusesNothing: true,
    });
  });
});

describe('files of any content under fuzzing', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'retinabench-fuzz-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'data');
  const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
  const originals = [
    JSON.stringify(coco),
    JSON.stringify(results),
    csv,
    predicted,
    voc,
    wider,
    label,
    lines,
    detections,
  ].map(encode);

  it.each([
    ['annotations', loadAnnotations, 1760],
    ['predictions', loadPredictions, 1761],
  ] as const)('%s are read, or refused with the file', async (name, load, seed) => {
    await fuzzParser({
      name: `files of ${name}`,
      inputs: mutatedBytes(originals),
      parse: (bytes) => {
        writeFileSync(file, bytes);
        return load(file);
      },
      errors: [DatasetError],
      place: folder,
      seed,
      runs: fuzzRuns(300),
    });
  });
});
