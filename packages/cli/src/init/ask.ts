import { createInterface } from 'node:readline/promises';
import { ProtocolError } from '@retinabench/core';
import { type CiSystem, ciSystems } from './ci-file.js';
import type { StarterAnswers } from './starter-files.js';

/**
 * Ask the five questions on the terminal, each with what Enter answers.
 *
 * @param suggested the answers of Enter: the flags, else the defaults.
 * @throws {ProtocolError} if standard input ends before the last answer.
 */
export async function askStarter(suggested: StarterAnswers): Promise<StarterAnswers> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const lines = terminal[Symbol.asyncIterator]();
  const ask = async (question: string, suggestion: string): Promise<string> => {
    process.stderr.write(`${question} [${suggestion === '' ? 'none' : suggestion}] `);
    const line = await lines.next();
    if (line.done === true)
      throw new ProtocolError('init: expected an answer, got the end of standard input; add --yes to ask nothing');
    const answer = line.value.trim();
    return answer === '' ? suggestion : answer;
  };
  try {
    const data = await ask(
      '1/5 Folder of your data set, in the layout of WIDER FACE or with other annotations (none: the embedded one)?',
      suggested.data,
    );
    const model = await ask('2/5 Model, an id or the path of an .onnx with its card?', suggested.model);
    const scale = await ask('3/5 Input sizes, such as long:640 or original (none: as the image is)?', suggested.scale);
    const drop = await ask('4/5 AP points that a change may lose?', String(suggested.maxDropPoints));
    const ci = await ask(`5/5 First gate for ${ciSystems.join(', ')}?`, suggested.ci);
    return { data, model, scale, maxDropPoints: pointsOf(drop), ci: systemOf(ci) };
  } finally {
    terminal.close();
  }
}

function pointsOf(text: string): number {
  const points = Number(text);
  if (points >= 0 && points <= 100 && text !== '') return points;
  throw new ProtocolError(
    `init: expected points from 0 to 100, such as 0.2, got ${JSON.stringify(text)}; run it again`,
  );
}

function systemOf(text: string): CiSystem {
  const system = ciSystems.find((known) => known === text.toLowerCase());
  if (system !== undefined) return system;
  throw new ProtocolError(`init: expected one of ${ciSystems.join(', ')}, got ${JSON.stringify(text)}; run it again`);
}
