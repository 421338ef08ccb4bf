import { formatCount } from '@retinabench/results';
import type { Enrolment, EnrolmentFile } from '../meta/enrolment.js';
import { type Diagnosis, formatFirst } from './diagnosis.js';

/** Instances that a message names. */
const namedAtMost = 5;

/**
 * Whether galleries and probes fit together: lists without a header line, templates of two subjects, probes that are
 * enrolled themselves, subjects enrolled twice, and lists that look swapped.
 */
export function diagnoseEnrolments(galleries: readonly EnrolmentFile[], probes: EnrolmentFile): Diagnosis[] {
  return [
    ...diagnoseHeaders([...galleries, probes]),
    ...diagnoseSubjects([...galleries, probes]),
    ...galleries.flatMap((gallery) => diagnoseGallery(gallery, probes)),
    ...diagnoseShared(galleries),
  ];
}

function diagnoseHeaders(files: readonly EnrolmentFile[]): Diagnosis[] {
  const without = files.filter(({ hasHeader }) => !hasHeader);
  if (without.length === 0) return [];
  return [
    {
      code: 'header-missing',
      level: 'warning',
      evidence: `${without.map(({ place }) => place).join(', ')}: no header line; the first line is read as the first row`,
      effect: 'none, if it is one; a reader that skips the first line loses a template of each list',
      fix: 'put TEMPLATE_ID,SUBJECT_ID on top',
    },
  ];
}

function diagnoseSubjects(files: readonly EnrolmentFile[]): Diagnosis[] {
  const found = files.flatMap(({ place, conflicts }) =>
    conflicts.map(
      ({ templateId, firstLine, firstSubject, line, subject }) =>
        `template ${templateId} (${place}:${firstLine} subject ${firstSubject}, line ${line} subject ${subject})`,
    ),
  );
  const seen = new Map<number, { readonly place: string; readonly subject: number }>();
  for (const { place, templateIds, subjectIds } of files) {
    templateIds.forEach((id, i) => {
      const before = seen.get(id);
      if (before === undefined) seen.set(id, { place, subject: subjectIds[i] });
      else if (before.subject !== subjectIds[i]) {
        found.push(`template ${id} (${before.place} subject ${before.subject}, ${place} subject ${subjectIds[i]})`);
      }
    });
  }
  if (found.length === 0) return [];
  return [
    {
      code: 'template-of-two-subjects',
      level: 'error',
      evidence: `${formatCount(found.length)} template${found.length === 1 ? ' is' : 's are'} listed under two subjects: ${formatFirst(found, namedAtMost)}`,
      effect: 'within a list the first row counts, as in the public script; the other subject is never found',
      fix: 'correct the subject of these rows',
    },
  ];
}

function diagnoseGallery(gallery: EnrolmentFile, probes: EnrolmentFile): Diagnosis[] {
  const diagnoses: Diagnosis[] = [];
  const repeated = repeatedSubjects(gallery);
  if (repeated.length > 0) {
    const swapped = repeatedSubjects(probes).length === 0;
    diagnoses.push({
      code: 'gallery-repeats-subject',
      level: 'error',
      fatal: true,
      evidence: `${gallery.place}: expected one template per subject, got several of ${formatCount(repeated.length)} subject${repeated.length === 1 ? '' : 's'}: ${formatFirst(repeated, namedAtMost)}${swapped ? `; ${probes.place} has one template per subject, so that gallery and probes look swapped` : ''}`,
      effect: 'the rank of a subject is not defined',
      fix: swapped
        ? 'exchange the files of gallery and probes, or keep one template per subject in the gallery'
        : 'keep one template per subject in the gallery',
    });
  }
  const probed = new Set(probes.templateIds);
  const both = [...gallery.templateIds].filter((id) => probed.has(id));
  if (both.length > 0) {
    diagnoses.push({
      code: 'probe-in-gallery',
      level: 'error',
      evidence: `${formatCount(both.length)} of ${formatCount(probes.templateIds.length)} probe templates are in ${gallery.place} too: ${formatFirst(both.map(String), namedAtMost)}`,
      effect: 'such a probe finds itself: rank 1, similarity 1, whatever the features',
      fix: 'enrol other templates than those that are searched; is one file a copy of the other?',
    });
  }
  return diagnoses;
}

/** Subjects with more than one template, with two of them each. */
function repeatedSubjects({ templateIds, subjectIds }: Enrolment): string[] {
  const firstOf = new Map<number, number>();
  const repeated = new Map<number, string>();
  subjectIds.forEach((subject, i) => {
    const first = firstOf.get(subject);
    if (first === undefined) firstOf.set(subject, templateIds[i]);
    else if (!repeated.has(subject)) {
      repeated.set(subject, `subject ${subject} (templates ${first} and ${templateIds[i]})`);
    }
  });
  return [...repeated.values()];
}

function diagnoseShared(galleries: readonly EnrolmentFile[]): Diagnosis[] {
  const placeOf = new Map<number, string>();
  const shared: string[] = [];
  for (const { place, subjectIds } of galleries) {
    for (const subject of new Set(subjectIds)) {
      const before = placeOf.get(subject);
      if (before === undefined) placeOf.set(subject, place);
      else shared.push(`subject ${subject} (${before} and ${place})`);
    }
  }
  if (shared.length === 0) return [];
  return [
    {
      code: 'galleries-share-subjects',
      level: 'warning',
      evidence: `${formatCount(shared.length)} subject${shared.length === 1 ? ' is' : 's are'} in several galleries: ${formatFirst(shared, namedAtMost)}`,
      effect: 'probes of them count once for each gallery; in IJB-B and IJB-C the galleries have no subject in common',
      fix: 'remove the copy of a gallery, or the subjects from one of them',
    },
  ];
}
