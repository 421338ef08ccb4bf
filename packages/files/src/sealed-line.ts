import { DatasetError } from '@retinabench/core/basics';
import { sha256OfText } from './sha256-of-text.js';

/** The seal of a line: its last property. */
const seal = /,"seal":"([0-9a-f]{16})"\}$/;

const beforeSeal = ',"seal":"';

const afterSeal = '"}';

/** Characters from the comma before a seal to the end of the line. */
const sealLength = ',"seal":"0123456789abcdef"}'.length;

/**
 * Seal a line of a log: its content and its owner are hashed into its last property, `"seal"`, so that a line that was
 * edited, damaged or copied from another run is detected. It guards against mistakes, not against forgers.
 *
 * @param json  an object with at least one property.
 * @param owner whose work it is, such as the id of a run.
 * @returns the object with `seal`, 16 hex digits, after its other properties.
 */
export function sealLine(json: string, owner: string): string {
  return `${json.slice(0, -1)},"seal":"${sealOf(json, owner)}"}`;
}

/**
 * The JSON that `sealLine` sealed.
 *
 * @param place file and line, for the message.
 * @throws {DatasetError} if the seal is missing, or not that of the content and `owner`.
 * Cost: one SHA-256 of the line.
 */
export function breakSeal(line: string, owner: string, place: string): string {
  if (line.startsWith(beforeSeal, line.length - sealLength) && line.endsWith(afterSeal)) {
    const json = `${line.slice(0, -sealLength)}}`;
    if (line.startsWith(sealOf(json, owner), line.length - sealLength + beforeSeal.length)) return json;
  }
  throw new DatasetError(
    `${place}: expected a line of this run as it was written, got ${
      !seal.test(line) ? 'one without a seal' : 'one that was edited, damaged or brought from another run'
    }; run again with --fresh`,
  );
}

/** A line without its seal, where it has one, right or wrong. */
export function withoutSeal(line: string): string {
  return line.replace(seal, '}');
}

function sealOf(json: string, owner: string): string {
  return sha256OfText(`${owner}\n${json}`).slice(0, 16);
}
