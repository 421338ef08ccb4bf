import { createHash } from 'node:crypto';
import { escapeMarkdown } from '@retinabench/report';

/** A picture that a comment shows. */
export interface PictureLink {
  readonly name: string;
  readonly url: string;
}

/** What GitHub takes. */
const longestBody = 65_536;

const cutNote = '\n\n(Cut here: the whole table is in the step summary and in the files of the run.)\n';

/**
 * What a comment of that name begins with, so that it is found again. GitHub does not show it. Nobody types its digest by chance; who
 * copies the mark is told apart by the author (`putComment`).
 */
export function commentMark(name: string): string {
  const digest = createHash('sha256').update(`retinabench comment ${name}`).digest('hex').slice(0, 16);
  return `<!-- retinabench:${name} ${digest} -->`;
}

/** The mark of earlier versions, which a person may have typed. */
export function formerMark(name: string): string {
  return `<!-- retinabench:${name} -->`;
}

/**
 * The text of a comment: its mark, the Markdown, the pictures. What is longer than GitHub takes is cut at a line, and says so.
 *
 * @param name letters, digits, dots, dashes.
 */
export function commentBody(name: string, markdown: string, pictures: readonly PictureLink[]): string {
  const shown = pictures.map(({ name: title, url }) => `![${escapeMarkdown(title)}](${url})`).join('\n');
  const tail = shown === '' ? '' : `\n\n${shown}\n`;
  const head = `${commentMark(name)}\n`;
  const room = longestBody - head.length - tail.length;
  if (markdown.length <= room) return head + markdown + tail;
  const cut = markdown.lastIndexOf('\n', room - cutNote.length);
  return head + markdown.slice(0, Math.max(cut, 0)) + cutNote + tail;
}
