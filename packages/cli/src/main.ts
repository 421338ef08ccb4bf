import { explainFlag } from './explain/explain-flag.js';
import { guardStreams } from './terminal/guard-streams.js';
import { describeLoadFailure } from './terminal/load-failure.js';

// Node ends with 1 where an error escapes. Here 1 means "regression", so what escapes ends with 3; a code that was
// decided before stays.
process.on('uncaughtException', (error) => {
  const shown = String(error instanceof Error ? error.stack : error);
  // What `printable` does is not loaded yet: control characters are left out.
  process.stderr.write(`retinabench: unexpected failure\n${shown.replaceAll(/(?![\n\t])\p{Cc}/gu, '')}\n`);
  process.exit(process.exitCode || 3);
});
guardStreams();

// Loaded late, so that a program that cannot be loaded (too few file handles, a package that is missing) ends with 3, too.
try {
  // Nothing here prints colours: who asks for none is told so by taking the flag.
  process.argv = process.argv.filter((word, index) => index < 2 || !/^--no-colou?r$/.test(word));
  process.argv = [...process.argv.slice(0, 2), ...explainFlag(process.argv.slice(2))];
  const [{ buildProgram }, { runProgram }] = [await import('./program.js'), await import('./run.js')];
  const [verb, flag, dashes, ...words] = process.argv.slice(2);
  if (verb === 'completion' && flag === '--words' && dashes === '--') {
    await (await import('./completion/command.js')).printCandidates(await buildProgram(words), words);
  } else process.exitCode = await runProgram(await buildProgram(process.argv.slice(2)), process.argv);
} catch (error) {
  process.stderr.write(`retinabench: ${describeLoadFailure(error)}\n`);
  process.exitCode ||= 3;
}
