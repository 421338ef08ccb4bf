// The whole fault campaign in order, and a table of it.
//
//   npx nx run cli:faults -- [--kills 15] [--only clock,two-runs]
//
// --kills is how often each of predict, extract, report and pull is killed. Exits 0 if no script found a fault, 1 otherwise.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { kills: { type: 'string', default: '15' }, only: { type: 'string' } } });
const kills = ['--kills', values.kills];
const campaign = [
  ['kill-predict', kills],
  ['kill-extract', kills],
  ['kill-report', kills],
  ['kill-pull', kills],
  ['full-disk', []],
  ['read-only', []],
  ['crash-worker', []],
  ['two-runs', []],
  ['clock', []],
  ['kill-fleet', ['--kills', String(2 * Number(values.kills))]],
  ['kill-fleet', ['--kills', values.kills, '--server', 'postgres']],
  ['fleet-states', []],
];
const only = values.only?.split(',');
const chosen = campaign.filter(([name]) => only === undefined || only.includes(name));

/** Run a script, show what it says, and keep its verdict. */
async function runScript(name, args) {
  const startedMs = performance.now();
  const child = spawn(process.execPath, [fileURLToPath(new URL(`${name}.mjs`, import.meta.url)), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    process.stdout.write(text);
    said += text;
  });
  const status = await new Promise((resolve) => child.on('close', resolve));
  const lines = said.split('\n');
  return {
    name,
    verdict: status === 0 ? 'ok' : 'FAULT',
    seconds: Math.round((performance.now() - startedMs) / 1000),
    summary: lines.findLast((line) => / expectations, \d+ faults$/.test(line)) ?? 'ended without a verdict',
    skipped: lines.filter((line) => line.startsWith('skip ')),
  };
}

const results = [];
for (const [name, args] of chosen) {
  console.log(`\n${name} ${args.join(' ')}`);
  results.push(await runScript(name, args));
}
console.log('');
for (const { name, verdict, seconds, summary, skipped } of results) {
  console.log(`${verdict.padEnd(6)} ${name.padEnd(13)} ${String(seconds).padStart(4)} s  ${summary}`);
  for (const line of skipped) console.log(`${' '.repeat(29)}${line}`);
}
process.exitCode = results.every(({ verdict }) => verdict === 'ok') ? 0 : 1;
