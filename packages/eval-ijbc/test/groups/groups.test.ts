import { DatasetError } from '@retinabench/core';
import { describe, expect, it } from 'vitest';
import { diagnoseGroupRows } from '../../src/diagnosis/group-rows.js';
import { groupsOfTemplates } from '../../src/groups/groups-of-templates.js';
import { readGroups } from '../../src/groups/read-groups.js';
import { acrossGroups, verifyGroups } from '../../src/groups/verify-groups.js';
import { indexTemplates } from '../../src/template/index-templates.js';
import { subjectsOfPairs } from '../../src/verify/subjects.js';
import { tempFile } from '../temp-files.js';

const images = {
  names: ['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg', 'e.jpg'],
  templateIds: Int32Array.of(1, 1, 2, 3, 4),
  mediaIds: Int32Array.of(1, 2, 3, 4, 5),
};
const index = indexTemplates(images);

describe('readGroups(file) and groupsOfTemplates(table, ...)', () => {
  it('groups templates by id, in any column of the table; one without a row is in no group', async () => {
    const file = await tempFile('g.csv', 'gender,TEMPLATE_ID,tone\nf,1,3\nm,2,3\nf,4,\n');
    const [gender, tone] = groupsOfTemplates(await readGroups(file), images, index, ['gender', 'tone'], file);
    expect(gender).toEqual({ column: 'gender', names: ['f', 'm'], ofTemplate: Int32Array.of(0, 1, -1, 0), mixed: 0 });
    expect(tone.ofTemplate).toEqual(Int32Array.of(0, 0, -1, -1));
  });

  it('groups by image; a template whose images differ is in no group, and counted', async () => {
    const file = await tempFile('g.csv', 'FILENAME,gender\na.jpg,f\nb.jpg,m\nc.jpg,m\nd.jpg,f\ne.jpg,f\n');
    const [gender] = groupsOfTemplates(await readGroups(file), images, index, undefined, file);
    expect(gender).toMatchObject({ ofTemplate: Int32Array.of(-1, 1, 0, 0), mixed: 1 });
  });

  it.each([
    ['no key', 'gender,age\nf,1\n', /expected a header with TEMPLATE_ID or FILENAME/],
    ['a short row', 'TEMPLATE_ID,gender\n1\n', /g\.csv:2: expected 2 fields as its header, got 1/],
    [
      'two values of one template',
      'TEMPLATE_ID,gender\n1,f\n1,m\n',
      /g\.csv:3: expected the values of the first row of 1/,
    ],
    ['quotes', 'TEMPLATE_ID,gender\n1,"f, m"\n', /g\.csv:2: expected fields without quotes/],
  ])('refuses %s', async (_, text, message) => {
    await expect(readGroups(await tempFile('g.csv', text))).rejects.toThrow(message);
  });

  it('refuses a column that is not there, and a table of other templates', async () => {
    const file = await tempFile('g.csv', 'TEMPLATE_ID,gender\n77,f\n78,m\n');
    const table = await readGroups(file);
    expect(() => groupsOfTemplates(table, images, index, ['tone'], file)).toThrow(/expected a column tone, got gender/);
    expect(() => groupsOfTemplates(table, images, index, undefined, file)).toThrow(DatasetError);
  });
});

describe('diagnoseGroupRows(table, images, index, place)', () => {
  it('counts the rows that name no template, and names the first of them', async () => {
    const table = await readGroups(await tempFile('g.csv', 'TEMPLATE_ID,gender\n1,f\n2,m\n77,f\n04,f\n'));
    expect(diagnoseGroupRows(table, images, index, 'g.csv')).toMatchObject([
      {
        code: 'group-rows-unknown',
        level: 'warning',
        evidence: 'g.csv: 2 of 4 rows name no template that is evaluated: 77, 04',
      },
    ]);
  });

  it('counts those that name no image, and says nothing where all do', async () => {
    const table = await readGroups(await tempFile('g.csv', 'FILENAME,gender\na.jpg,f\nz.jpg,m\n'));
    expect(diagnoseGroupRows(table, images, index, 'g.csv')[0].evidence).toMatch(
      /1 of 2 rows name no image .*: z\.jpg/,
    );
    const all = await readGroups(await tempFile('g.csv', 'TEMPLATE_ID,gender\n1,f\n4,m\n'));
    expect(diagnoseGroupRows(all, images, index, 'g.csv')).toEqual([]);
  });

  it('refuses a table all rows of which are unknown', async () => {
    const table = await readGroups(await tempFile('g.csv', 'TEMPLATE_ID,gender\n77,f\n78,m\n'));
    expect(() => diagnoseGroupRows(table, images, index, 'g.csv')).toThrow(
      /g\.csv: expected rows of the templates that are evaluated, got 2 of 2 rows/,
    );
  });
});

describe('verifyGroups(pairs, groups)', () => {
  // Templates 0 and 1 show one woman, 2 another, 3 and 4 one man, 5 another.
  const groups = { column: 'gender', names: ['f', 'm'], ofTemplate: Int32Array.of(0, 0, 0, 1, 1, 1), mixed: 0 };
  const pairs = { left: Int32Array.of(0, 3, 0, 1, 3, 0, 2), right: Int32Array.of(1, 4, 2, 2, 5, 3, 5) };
  const labels = Uint8Array.of(1, 1, 0, 0, 0, 0, 0);
  const scores = Float64Array.of(0.9, 0.4, 0.6, 0.2, 0.1, 0.7, 0.1);
  const subjects = subjectsOfPairs(6, pairs, labels);

  it('counts misses and false matches of each group at one threshold, and impostors of two groups apart', () => {
    const rates = verifyGroups({ scores, labels, pairs, subjects, thresholds: { '1e-1': 0.6 } }, groups);
    expect(rates.f).toMatchObject({
      ...{ templates: 3, subjects: 1, genuine: 1, impostors: 2 },
      // 0.6 is at the threshold: accepted.
      at: { '1e-1': { misses: 0, fnmr: 0, falseMatches: 1, fmr: 0.5 } },
    });
    expect(rates.m).toMatchObject({
      ...{ templates: 3, subjects: 1, genuine: 1, impostors: 1 },
      at: { '1e-1': { misses: 1, fnmr: 1, falseMatches: 0, fmr: 0 } },
    });
    expect(rates[acrossGroups]).toMatchObject({
      genuine: 0,
      impostors: 2,
      at: { '1e-1': { falseMatches: 1, fmr: 0.5 } },
    });
    expect(rates[acrossGroups].at['1e-1'].fnmr).toBeUndefined();
  });

  it('genuine pairs of two groups stand across groups, with their misses, and in neither group', () => {
    // By camera, templates 0, 3 are of x, the others of y: the genuine pairs 0-1 (0.9) and 3-4 (0.4) are both of two cameras.
    const cameras = { column: 'camera', names: ['x', 'y'], ofTemplate: Int32Array.of(0, 1, 1, 0, 1, 1), mixed: 0 };
    const rates = verifyGroups({ scores, labels, pairs, subjects, thresholds: { '1e-1': 0.6 } }, cameras);
    // Impostors: 0-3 (0.7) within x; 1-2 (0.2) and 2-5 (0.1) within y; 0-2 (0.6) and 3-5 (0.1) across.
    expect(rates.x).toMatchObject({ genuine: 0, impostors: 1, at: { '1e-1': { falseMatches: 1 } } });
    expect(rates.y).toMatchObject({ genuine: 0, impostors: 2, at: { '1e-1': { falseMatches: 0 } } });
    expect(rates[acrossGroups]).toMatchObject({
      ...{ subjects: 2, genuine: 2, impostors: 2 },
      at: { '1e-1': { misses: 1, fnmr: 0.5, falseMatches: 1, fmr: 0.5 } },
    });
  });

  it('an interval without a miss is that of as many subjects without one', () => {
    const rates = verifyGroups({ scores, labels, pairs, subjects, thresholds: { '1e-1': 0.6 } }, groups);
    // One subject: 1 - 0.025 = 0.975.
    expect(rates.f.at['1e-1'].fnmrInterval).toEqual([0, expect.closeTo(0.975, 9)]);
  });

  it('the groups add up to all: with one group, FNMR and FMR are those of all pairs', () => {
    const one = { column: 'all', names: ['x'], ofTemplate: new Int32Array(6), mixed: 0 };
    const { x } = verifyGroups({ scores, labels, pairs, subjects, thresholds: { '1e-1': 0.6 } }, one);
    expect(x).toMatchObject({ genuine: 2, impostors: 5, at: { '1e-1': { fnmr: 0.5, fmr: 0.4 } } });
  });
});
