import { encodeBits, type ResultRecord } from '@retinabench/results';
import { describe, expect, it } from 'vitest';
import { pairedApDifferences } from '../../src/difference/paired-ap.js';
import { defaultGateConfig } from '../../src/gate/config.js';
import { evaluateGate } from '../../src/gate/evaluate.js';
import { syntheticRecord } from '../synthetic.js';

/** Ten folds of 100 pairs, of which so many are wrong in each. */
function foldsRecord(wrong: readonly number[]): ResultRecord {
  const correct = Uint8Array.from({ length: 1000 }, (_, pair) => (pair % 100 < wrong[Math.floor(pair / 100)] ? 0 : 1));
  const accuracies = wrong.map((count) => 1 - count / 100);
  return syntheticRecord({
    kind: 'ijbc-verification',
    settings: { task: 'verification in folds' },
    dataset: { name: 'lfw.bin', images: 2000, sha256: 'f'.repeat(64) },
    metrics: {
      'folds.accuracy': accuracies.reduce((sum, accuracy) => sum + accuracy, 0) / 10,
      ...Object.fromEntries(accuracies.map((accuracy, fold) => [`fold${fold + 1}.accuracy`, accuracy])),
    },
    folds: { pairs: 1000, correct: encodeBits(correct) },
  });
}

describe('folds.accuracy under the gate', () => {
  const few = [2, 3, 2, 4, 1, 2, 3, 2, 2, 3];
  const gate = (wrong: readonly number[]) =>
    evaluateGate(foldsRecord(few), foldsRecord(wrong), defaultGateConfig(), pairedApDifferences());

  it('passes an identical run and a better one', () => {
    expect(gate(few).verdict).toBe('pass');
    expect(gate(few.map((count) => count - 1)).verdict).toBe('pass');
  });

  it('fails a loss on every fold, with the pairs that got worse', () => {
    const { verdict, results } = gate(few.map((count, fold) => count + 3 + (fold % 2)));
    expect(verdict).toBe('fail');
    expect(results[0].message).toMatch(
      /^folds\.accuracy has dropped .*paired over 10 folds.*0 of 1000 pairs got better and 35 worse/,
    );
  });

  it('is inconclusive where one fold alone has lost', () => {
    expect(gate([...few.slice(0, 9), 13]).results[0].verdict).toBe('inconclusive');
  });
});
