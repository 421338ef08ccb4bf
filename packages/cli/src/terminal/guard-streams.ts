/** Errors of a stream whose reader has gone, and of what is written to it afterwards. */
const readerGone = new Set(['EPIPE', 'ERR_STREAM_DESTROYED', 'EOF']);

/**
 * Keep the exit code of the program its own whatever happens to standard output and standard error. A reader that has
 * seen enough (`| head`) is no failure: the rest is not shown and the work goes on, files and verdict included. A stream
 * that cannot be written (a full disk) ends the program with 3, unless another code than 0 was decided.
 */
export function guardStreams(): void {
  let told = false;
  for (const [stream, name] of [
    [process.stdout, 'standard output'],
    [process.stderr, 'standard error'],
  ] as const) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (readerGone.has(error.code ?? '')) return;
      process.exitCode ||= 3;
      if (told || stream === process.stderr) return;
      told = true;
      process.stderr.write(`retinabench: ${name} cannot be written (${error.message}); what it shows is incomplete\n`);
    });
  }
}
