import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { DatasetError } from '@retinabench/core';
import { type OutputFlags, outputOf } from '../terminal/flags.js';
import { type Output, printJson, printNote, printResult } from '../terminal/output.js';
import { readTextFile } from '../terminal/read-text-file.js';
import { commentBody } from './comment-body.js';
import { publishPictures } from './publish-pictures.js';
import { eventNumber, pullRequestOf } from './pull-request.js';
import { putComment } from './put-comment.js';

interface CommentFlags extends OutputFlags {
  readonly name: string;
  readonly pullRequest?: number;
  readonly pictures?: readonly string[];
  readonly picturesBranch: string;
  readonly dryRun?: boolean;
}

/** The action of `retinabench comment`. */
export async function runComment(file: string, flags: CommentFlags): Promise<void> {
  const output = outputOf(flags);
  if (!/^[\w.-]{1,60}$/.test(flags.name)) {
    throw new DatasetError(
      `--name: expected up to 60 letters, digits, dots and dashes, got ${flags.name}; choose another`,
    );
  }
  const text = await readTextFile(file, 'Markdown', 'write it with gate --markdown FILE');
  const pictures = await Promise.all(
    (flags.pictures ?? []).map(async (picture) => ({
      name: path.basename(picture),
      bytes: await readPicture(picture),
    })),
  );
  if (flags.dryRun === true) {
    await showComment(output, flags, text, pictures);
    return;
  }
  const pull = await pullRequestOf(process.env, flags.pullRequest);
  const links =
    pictures.length === 0
      ? []
      : await publishPictures(pull, { branch: flags.picturesBranch, folder: flags.name, pictures });
  const { url, replaced } = await putComment(pull, flags.name, commentBody(flags.name, text, links));
  printJson(output, { url, replaced, pictures: links.map((link) => link.url) });
  printResult(output, `comment: ${url} (${replaced ? 'updated' : 'new'})`);
}

/** Print the comment, its pictures as they are called here; GitHub is asked nothing. */
async function showComment(
  output: Output,
  flags: CommentFlags,
  text: string,
  pictures: readonly { readonly name: string }[],
): Promise<void> {
  const names = pictures.map(({ name }) => name);
  const body = commentBody(
    flags.name,
    text,
    names.map((name) => ({ name, url: name })),
  );
  const number = flags.pullRequest ?? (await eventNumber(process.env));
  const where = number === undefined ? 'the pull request of the event, or of --pull-request' : `pull request ${number}`;
  const branch = names.length === 0 ? '' : `; ${names.length} pictures would go to the branch ${flags.picturesBranch}`;
  printNote(`dry run, nothing is written: the comment ${flags.name} on ${where}${branch}`);
  printJson(output, { dryRun: true, pullRequest: number ?? null, body, pictures: names });
  printResult(output, body);
}

/** @throws {DatasetError} if it is no picture that a browser shows. */
async function readPicture(file: string): Promise<Buffer> {
  const bytes = await readFile(file).catch((cause: Error) => {
    throw new DatasetError(`${file}: expected a picture, cannot read it (${cause.message}); check the path`, { cause });
  });
  const begins = bytes.subarray(0, 12).toString('latin1');
  if (/^\x89PNG|^\xff\xd8\xff|^RIFF....WEBP/s.test(begins)) return bytes;
  throw new DatasetError(`${file}: expected a PNG, JPEG or WebP picture, got something else; choose another`);
}
