import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readEnrolment } from '../../src/meta/enrolment.js';
import { findMeta } from '../../src/meta/find.js';
import { readImages } from '../../src/meta/images.js';
import { readPairs } from '../../src/meta/pairs.js';
import { readPoints } from '../../src/meta/points.js';
import { sharedFolder, sharedIsAbsent } from '../shared.js';
import { tempFile, tempFolder } from '../temp-files.js';

describe('readImages(file)', () => {
  it('reads name, template id and media id, CRLF or not', async () => {
    const images = await readImages(await tempFile('ijbc_face_tid_mid.txt', '1.jpg 1 69544\r\na/b.jpg 20 3\r\n'));
    expect(images.names).toEqual(['1.jpg', 'a/b.jpg']);
    expect([...images.templateIds]).toEqual([1, 20]);
    expect([...images.mediaIds]).toEqual([69544, 3]);
  });

  it.each([
    ['1.jpg 1 2\n2.jpg x 3\n', ':2: expected an image name, a template id and a media id, got "2.jpg x 3"'],
    ['1.jpg 1\n', ':1: expected an image name'],
    ['1.jpg 1 2 3\n', ':1: expected an image name'],
    ['', 'at least one image'],
  ])('refuses %j with file and line', async (text, message) => {
    await expect(readImages(await tempFile('ijbc_face_tid_mid.txt', text))).rejects.toThrow(message);
  });
});

describe('readPoints(file, names)', () => {
  const row = (name: string) => `${name} 1 2 3 4 5 6 7 8 9 10.5 0.967`;

  it('reads ten coordinates and the score', async () => {
    const { points, scores } = await readPoints(await tempFile('p.txt', `${row('a.jpg')}\n`), ['a.jpg']);
    expect([...points]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10.5]);
    expect([...scores]).toEqual([Math.fround(0.967)]);
  });

  it.each([
    [`${row('a.jpg')}\n${row('c.jpg')}\n`, ':2: expected image "b.jpg"'],
    [`${row('a.jpg')}\n`, 'expected 2 lines, one for each image, got 1'],
    [`${row('a.jpg')}\n${row('b.jpg')}\n${row('c.jpg')}\n`, ':3: expected 2 lines'],
    [`${row('a.jpg')}\nb.jpg 1 2 3 4 5 6 7 8 9 10 nan\n`, ':2: expected an image name, ten coordinates and a score'],
    ['a.jpg 1 2\n', ':1: expected an image name, ten coordinates and a score'],
  ])('refuses %j with file and line', async (text, message) => {
    await expect(readPoints(await tempFile('p.txt', text), ['a.jpg', 'b.jpg'])).rejects.toThrow(message);
  });
});

describe('readEnrolment(file)', () => {
  it('gives each template once, ascending, with the subject of its first row', async () => {
    const csv = 'TEMPLATE_ID,SUBJECT_ID,FILENAME\r\n9,4,img/1.jpg\r\n2,7,img/2.jpg\r\n9,5,img/3.jpg\r\n';
    const { templateIds, subjectIds } = await readEnrolment(await tempFile('g.csv', csv));
    expect([...templateIds]).toEqual([2, 9]);
    expect([...subjectIds]).toEqual([7, 4]);
  });

  it('names a template with rows of several subjects, with both lines', async () => {
    const csv = 'TEMPLATE_ID,SUBJECT_ID\n9,4\n2,7\n9,5\n9,6\n';
    expect((await readEnrolment(await tempFile('g.csv', csv))).conflicts).toEqual([
      { templateId: 9, firstLine: 2, firstSubject: 4, line: 4, subject: 5 },
    ]);
  });

  it('keeps the first line as a row where it names no columns', async () => {
    const bare = await readEnrolment(await tempFile('g.csv', '9,4,a.jpg\n2,7,b.jpg\n'));
    expect(bare).toMatchObject({ hasHeader: false, templateIds: Int32Array.of(2, 9), subjectIds: Int32Array.of(7, 4) });
    const { hasHeader, templateIds } = await readEnrolment(await tempFile('g.csv', 'a,b\n9,4\n'));
    expect([hasHeader, ...templateIds]).toEqual([true, 9]);
  });

  it('finds the ids in the columns that a header names, whatever their order', async () => {
    const csv = 'FILENAME,subject_id,Template ID\nx.jpg,7,2\ny.jpg,4,9\n';
    expect(await readEnrolment(await tempFile('g.csv', csv))).toMatchObject({
      templateIds: Int32Array.of(2, 9),
      subjectIds: Int32Array.of(7, 4),
    });
  });

  it('refuses a header that names one of the columns alone, where it is not in its usual place', async () => {
    await expect(readEnrolment(await tempFile('g.csv', 'SUBJECT_ID,ID\n7,2\n'))).rejects.toThrow(
      ':1: expected the columns TEMPLATE_ID and SUBJECT_ID',
    );
    expect((await readEnrolment(await tempFile('g.csv', 'ID,SUBJECT_ID\n7,2\n'))).subjectIds).toEqual(Int32Array.of(2));
    expect((await readEnrolment(await tempFile('g.csv', 'sid,tid\n7,2\n'))).subjectIds).toEqual(Int32Array.of(7));
  });

  it('refuses a first line that is neither a header nor a row', async () => {
    await expect(readEnrolment(await tempFile('g.csv', '12,abc\n13,4\n'))).rejects.toThrow(
      ':1: expected a template id',
    );
  });

  it('refuses a row without ids, and a file without rows', async () => {
    await expect(readEnrolment(await tempFile('g.csv', 'T,S\n1,2\nx,3\n'))).rejects.toThrow(
      ':3: expected a template id',
    );
    await expect(readEnrolment(await tempFile('g.csv', 'T,S\n'))).rejects.toThrow('at least one row');
  });
});

describe('findMeta(folder)', () => {
  it('tells the data set by the prefix of its files, IJB-B with its galleries S1 and S2', async () => {
    const folder = await tempFolder();
    await mkdir(path.join(folder, 'meta'));
    const names = [
      'ijbb_face_tid_mid.txt',
      'ijbb_1N_gallery_S2.csv',
      'ijbb_1N_gallery_S1.csv',
      'ijbb_1N_probe_mixed.csv',
    ];
    for (const name of names) await writeFile(path.join(folder, 'meta', name), '');
    const meta = await findMeta(folder);
    expect(meta.prefix).toBe('ijbb');
    expect(meta.galleries.map((file) => path.basename(file))).toEqual([
      'ijbb_1N_gallery_S1.csv',
      'ijbb_1N_gallery_S2.csv',
    ]);
    expect(meta.pairs).toBeUndefined();
    await writeFile(path.join(folder, 'meta', 'ijbc_face_tid_mid.txt'), '');
    await expect(findMeta(folder)).rejects.toThrow(
      'got ijbb, ijbc; give the folder of the metadata, and the data set with --prefix',
    );
    expect((await findMeta(folder, 'ijbc')).prefix).toBe('ijbc');
  });

  it('refuses a folder without metadata, and no folder', async () => {
    await expect(findMeta(await tempFolder())).rejects.toThrow('expected one <prefix>_face_tid_mid.txt, got none');
    await expect(findMeta('/no/such/folder')).rejects.toThrow('check the path');
  });
});

describe.skipIf(sharedIsAbsent('golden/ijbc-small'))(
  'the metadata of golden/ijbc-small (needs the shared data folder)',
  () => {
    it('is read whole: 9,388 images, 27,831 pairs, 35 + 36 gallery and 392 probe templates', async () => {
      const meta = await findMeta(path.join(sharedFolder, 'golden/ijbc-small'));
      const images = await readImages(meta.images);
      expect(images.names.length).toBe(9388);
      expect((await readPoints(meta.points!, images.names)).scores.length).toBe(9388);
      expect((await readPairs(meta.pairs!)).count).toBe(27_831);
      const galleries = await Promise.all(meta.galleries.map(readEnrolment));
      expect(galleries.map((gallery) => gallery.templateIds.length)).toEqual([35, 36]);
      expect((await readEnrolment(meta.probes!)).templateIds.length).toBe(392);
    });
  },
);
