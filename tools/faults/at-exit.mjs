// What has to be undone when a script ends, also by an error: the last thing first.
const steps = [];

process.on('exit', () => {
  for (const step of steps.reverse()) step();
});

/** Undo at the end. */
export function atExit(step) {
  steps.push(step);
}
