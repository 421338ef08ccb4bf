import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { DatasetError } from '@retinabench/core';
import { type OutputFlags, outputOf } from '../terminal/flags.js';
import { printJson, printResult } from '../terminal/output.js';
import { readTextFile } from '../terminal/read-text-file.js';
import { commentBody } from './comment-body.js';
import { publishPictures } from './publish-pictures.js';
import { pullRequestOf } from './pull-request.js';
import { putComment } from './put-comment.js';

interface CommentFlags extends OutputFlags {
  readonly name: string;
  readonly pullRequest?: number;
  readonly pictures?: readonly string[];
  readonly picturesBranch: string;
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
  const pull = await pullRequestOf(process.env, flags.pullRequest);
  const links =
    pictures.length === 0
      ? []
      : await publishPictures(pull, { branch: flags.picturesBranch, folder: flags.name, pictures });
  const { url, replaced } = await putComment(pull, flags.name, commentBody(flags.name, text, links));
  printJson(output, { url, replaced, pictures: links.map((link) => link.url) });
  printResult(output, `comment: ${url} (${replaced ? 'updated' : 'new'})`);
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
