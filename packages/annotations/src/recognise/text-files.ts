import { type ListedFile, listFiles } from '../source/list-files.js';
import { recogniseFile } from './recognise-file.js';

/** Names of text files that are mostly about the others, in small letters. */
const prose = /(?:^|\/)(?:classes|readme[^/]*|licen[cs]e[^/]*|requirements)\.txt$/i;

/**
 * Text files below a folder, one for each image: all `.txt` but lists of classes and the like, which are told by their names and
 * by holding words. An image may be called so, too.
 *
 * @throws {EnvironmentError} if a folder or file cannot be read.
 */
export function textFiles(folder: string): ListedFile[] {
  return listFiles(folder).filter(
    ({ name, file }) => /\.txt$/i.test(name) && (!prose.test(name) || isOfNumbers(recogniseFile(file).kind)),
  );
}

function isOfNumbers(kind: ReturnType<typeof recogniseFile>['kind']): boolean {
  return kind === 'numbers' || kind === 'wider';
}
