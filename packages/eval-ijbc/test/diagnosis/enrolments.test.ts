import { describe, expect, it } from 'vitest';
import { diagnoseEnrolments } from '../../src/diagnosis/enrolments.js';
import { diagnoseIdentification } from '../../src/diagnosis/identification.js';
import { identify } from '../../src/identify/identify.js';
import type { EnrolmentFile } from '../../src/meta/enrolment.js';
import { indexTemplates } from '../../src/template/index-templates.js';

function file(place: string, rows: readonly (readonly [template: number, subject: number])[]): EnrolmentFile {
  return {
    place,
    hasHeader: true,
    conflicts: [],
    templateIds: Int32Array.from(rows, ([template]) => template),
    subjectIds: Int32Array.from(rows, ([, subject]) => subject),
  };
}

const gallery1 = file('g1.csv', [
  [1, 10],
  [2, 11],
]);
const gallery2 = file('g2.csv', [[3, 12]]);
const probes = file('p.csv', [
  [4, 10],
  [5, 10],
  [6, 12],
]);

const codesOf = (galleries: readonly EnrolmentFile[], searched: EnrolmentFile) =>
  diagnoseEnrolments(galleries, searched).map(({ code, level }) => `${level}: ${code}`);

describe('diagnoseEnrolments(galleries, probes)', () => {
  it('says nothing of galleries and probes that fit together', () => {
    expect(codesOf([gallery1, gallery2], probes)).toEqual([]);
  });

  it('names lists without a header line', () => {
    const [found] = diagnoseEnrolments([{ ...gallery1, hasHeader: false }], probes);
    expect(found).toMatchObject({ code: 'header-missing', level: 'warning' });
    expect(found.evidence).toContain('g1.csv');
  });

  it('names a template of two subjects, within a list and across lists', () => {
    const conflict = { templateId: 1, firstLine: 2, firstSubject: 10, line: 5, subject: 13 };
    const [within] = diagnoseEnrolments([{ ...gallery1, conflicts: [conflict] }], probes);
    expect(within).toMatchObject({ code: 'template-of-two-subjects', level: 'error' });
    expect(within.evidence).toContain('template 1 (g1.csv:2 subject 10, line 5 subject 13)');
    const [across] = diagnoseEnrolments([gallery1], file('p.csv', [[1, 12]]));
    expect(across.evidence).toContain('template 1 (g1.csv subject 10, p.csv subject 12)');
  });

  it('names probes that are enrolled, and galleries that share subjects', () => {
    expect(
      codesOf(
        [gallery1],
        file('p.csv', [
          [1, 10],
          [4, 10],
        ]),
      ),
    ).toEqual(['error: probe-in-gallery']);
    expect(
      codesOf(
        [
          gallery1,
          file('copy.csv', [
            [1, 10],
            [2, 11],
          ]),
        ],
        probes,
      ),
    ).toEqual(['warning: galleries-share-subjects']);
  });

  it('says that gallery and probes look swapped where only the probes have one template per subject', () => {
    const [found] = diagnoseEnrolments(
      [
        file('g.csv', [
          [4, 10],
          [5, 10],
          [6, 12],
        ]),
      ],
      file('p.csv', [
        [1, 10],
        [2, 11],
      ]),
    );
    expect(found).toMatchObject({ code: 'gallery-repeats-subject', level: 'error', fatal: true });
    expect(found.evidence).toContain('subject 10 (templates 4 and 5)');
    expect(found.evidence).toContain('look swapped');
  });
});

describe('diagnoseIdentification(result)', () => {
  /** Search probes 3 (of subject 10) and 4 (of nobody) in a gallery of templates 1 (subject 10) and 2 (subject 11). */
  async function search(vectors: readonly (readonly number[])[], zeroIds: readonly number[] = []) {
    const ids = Int32Array.of(1, 2, 3, 4);
    const templates = { count: 4, dimensions: 2, ids, vectors: Float64Array.from(vectors.flat()), zeroIds };
    const index = indexTemplates({ templateIds: ids, mediaIds: ids });
    return identify(
      {
        templates,
        index,
        probes: file('p.csv', [
          [3, 10],
          [4, 99],
        ]),
      },
      [gallery1],
    );
  }

  it('takes constant features, where a tie makes every rank 1, for an error', async () => {
    const result = await search([
      [1, 0],
      [1, 0],
      [1, 0],
      [1, 0],
    ]);
    expect(result.rank['1']).toBe(1);
    const [found] = diagnoseIdentification(result);
    expect(found).toMatchObject({ code: 'ranks-tied', level: 'error' });
    expect(found.effect).toContain('rank-1 is 0.0 % instead of 100.0 %');
  });

  it('a probe without a usable feature finds nobody', async () => {
    const result = await search(
      [
        [1, 0],
        [0, 1],
        [0, 0],
        [1, 0],
      ],
      [3],
    );
    expect(result.rank).toEqual({ '1': 0, '5': 0, '10': 0 });
    expect(result.galleries[0]).toMatchObject({ mated: 1, tied: 0, tpir: { '0.1': { tpir: 0 } } });
  });

  it('names a FPIR that fewer than 10 non-mated probes decide', async () => {
    const [found] = diagnoseIdentification(
      await search([
        [1, 0],
        [0, 1],
        [1, 0],
        [0, 1],
      ]),
    );
    expect(found).toMatchObject({ code: 'fpir-unresolved', level: 'warning' });
    expect(found.evidence).toContain('0.01 (of 1) and 0.1 (of 1)');
  });
});
