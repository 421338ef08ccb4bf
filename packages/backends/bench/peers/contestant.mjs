import { createInterface } from 'node:readline';

/**
 * Serve rounds to run.mjs: say what this is and how many faces it finds, then time as many detections as each line asks.
 *
 * @param {string} name
 * @param {() => Promise<number>} detect gives the number of faces.
 */
export async function serveRounds(name, detect) {
  const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
  say({ ready: name, faces: await detect() });
  for await (const line of createInterface({ input: process.stdin })) {
    const samples = [];
    for (let run = 0; run < Number(line); run++) {
      const startedMs = performance.now();
      await detect();
      samples.push(performance.now() - startedMs);
    }
    say(samples);
  }
}
