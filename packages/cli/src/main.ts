import { buildProgram } from './program.js';
import { runProgram } from './run.js';

// A reader that has seen enough (`| head`) closes the pipe; that is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

process.exitCode = await runProgram(await buildProgram(process.argv[2], process.argv[3]), process.argv);
