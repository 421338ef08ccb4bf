import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { LoadWatch, listProcesses, parsePin, shareOfOthers } from '../../src/bench/load-watch.js';
import { parseProcessTicks, processTreeTicks } from '../../src/bench/process-tree-ticks.js';
import { parseProcessorTimes } from '../../src/bench/processor-times.js';

const stat = `cpu  300 0 60 640 20 0 0 10 5 0
cpu0 100 0 20 70 10 0 0 0 0 0
cpu1 200 10 40 500 10 1 2 10 5 0
intr 5`;

describe('parseProcessorTimes', () => {
  test('adds user, nice, system, irq, softirq and steal; a guest is part of user', () => {
    // cpu1: 200 + 10 + 40 + 1 + 2 + 10 = 263 busy, 500 + 10 idle.
    expect(parseProcessorTimes(stat, new Set([1]))).toEqual({ busy: 263, all: 773 });
    // With cpu0: 120 busy, 80 idle.
    expect(parseProcessorTimes(stat)).toEqual({ busy: 383, all: 973 });
  });

  test('has no answer without a processor', () => {
    expect(parseProcessorTimes(stat, new Set([7]))).toBeUndefined();
    expect(parseProcessorTimes('')).toBeUndefined();
  });
});

describe('processTreeTicks', () => {
  const line = (pid: number, parent: number, ticks: readonly number[]): string =>
    `${pid} (a b) (c) S ${parent} 1 1 0 -1 4194304 100 0 0 0 ${ticks.join(' ')} 20 0 1 0 100`;

  test('adds a process, what it started, and children that ended; a name may hold brackets', () => {
    const processes = [
      line(10, 1, [5, 3, 2, 1]),
      line(11, 10, [7, 0, 0, 0]),
      line(12, 11, [4, 0, 0, 0]),
      line(13, 1, [900, 0, 0, 0]),
    ].map((text) => parseProcessTicks(text) ?? expect.fail(text));
    // 5 + 3 + 2 + 1, 7 and 4.
    expect(processTreeTicks(processes, 10)).toBe(22);
  });

  test('a text of another form is no process', () => {
    expect(parseProcessTicks('')).toBeUndefined();
    expect(parseProcessTicks('10 (node) S 1')).toBeUndefined();
  });
});

test('shareOfOthers: busy time that was not ours, of all', () => {
  // 200 ticks went by, 150 of them busy, 100 of these ours: 50 / 200.
  const at = (busy: number, all: number, ownTicks: number) => ({ processors: { busy, all }, ownTicks });
  expect(shareOfOthers(at(10, 100, 5), at(160, 300, 105))).toBe(0.25);
  expect(shareOfOthers(at(10, 100, 5), at(10, 100, 5))).toBeUndefined();
  // Rounding of ticks may make ours more than all.
  expect(shareOfOthers(at(10, 100, 5), at(12, 110, 10))).toBe(0);
});

test('parsePin reads lists and ranges of processors', () => {
  expect(parsePin('0,2-4')).toEqual(new Set([0, 2, 3, 4]));
  expect(parsePin('0xff')).toBeUndefined();
  expect(parsePin('3-1')).toBeUndefined();
});

test.skipIf(!existsSync('/proc/stat'))('what a child took counts as ours, also after its end', async () => {
  const before = processTreeTicks(listProcesses(), process.pid);
  const code = 'while (process.cpuUsage().user < 400_000);';
  await new Promise((resolve) => spawn(process.execPath, ['-e', code]).once('exit', resolve));
  // 0.4 s of a processor are 40 ticks of 10 ms.
  expect(processTreeTicks(listProcesses(), process.pid) - before).toBeGreaterThanOrEqual(39);
});

test('a watch that was not started has no answer', () => {
  expect(new LoadWatch().othersShare()).toBeUndefined();
});
