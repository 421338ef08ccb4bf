import { existsSync } from 'node:fs';
import path from 'node:path';
import { detectionProtocol } from '@retinabench/eval-detection';
import { scoringProtocol, scoringSettings } from '@retinabench/eval-wider';
import { headlineValues } from '@retinabench/report';
import { describe, expect, it } from 'vitest';
import { explainFlag } from '../../src/explain/explain-flag.js';
import { allWords, findWord } from '../../src/explain/find-word.js';

it('--explain behind any verb asks for words, and runs nothing', () => {
  expect(explainFlag(['wider', 'hard', '--model', 'm', '--explain', 'found', 'proposals'])).toEqual([
    'explain',
    'found',
    'proposals',
  ]);
  expect(explainFlag(['wider', 'hard'])).toEqual(['wider', 'hard']);
});

describe('findWord', () => {
  it('finds a word as records, tables and flags write it', () => {
    for (const written of ['nmsIou', 'nms-iou', '--nms-iou', 'NMS IoU']) {
      expect(findWord(written)).toMatchObject({ kind: 'found', words: [{ word: 'nmsIou' }] });
    }
    expect(findWord('Proposal')).toMatchObject({ words: [{ word: 'proposals' }] });
    expect(findWord('few-images')).toMatchObject({ words: [{ word: 'few-images', docs: 'docs/intervals.md' }] });
    expect(findWord('decoder.strides')).toMatchObject({ words: [{ word: 'decoder.*' }] });
  });

  it('knows the words that the tables of score, landmarks, ijbc, eval and loss print', () => {
    // As they stand in the output of these verbs, and the flags of COCO's annotations.
    const printed = [
      'ar100 uncapped.ap fppi iscrowd ignore AP@[.5:.95] temperature isotonic FNMR FMR EER AUC TAR CED FR'.split(' '),
      ['Brier score', 'matched only', 'misses as failures', 'nmeWithMissesAsOne', 'deviation', 'threshold at FAR'],
      ['accuracy', 'images tell', 'to the first', 'to clean', 'positives', 'classification', 'rank-1', 'TPIR'],
    ].flat();
    for (const word of printed) expect(findWord(word), word).toMatchObject({ kind: 'found' });
    expect(findWord('fppi')).toMatchObject({ words: [{ word: 'fppi', docs: 'docs/detection-metrics.md' }] });
  });

  it('knows the columns and bounds of a gate, and words printed as files are read', () => {
    const printed = 'verdict level check expected actual min max maxDrop maxRise maxIncrease doubtful resumed'.split(
      ' ',
    );
    for (const word of printed) expect(findWord(word), word).toMatchObject({ kind: 'found' });
  });

  it('lists the nearest of an unknown word', () => {
    const { kind, ...rest } = findWord('scorefloors-of');
    expect(kind).toBe('unknown');
    expect((rest as { nearest: string[] }).nearest[0]).toMatch(/scoreFloor|score floor/);
    expect(findWord('supression')).toMatchObject({ nearest: expect.arrayContaining(['suppression']) });
  });

  it('knows every setting of scoring and of detection, and every number of a record', () => {
    const settings = Object.keys({
      ...scoringSettings(scoringProtocol('python')),
      ...detectionProtocol({
        faces: {
          crowd: 'ignored',
          ignored: 'ignored',
          difficult: 'counted',
          minSizePx: 0,
          facesWithoutArea: 'counted',
        } as never,
        metrics: ['coco', 'voc', 'f1', 'fppi'] as never,
        maxDets: [100],
        iou: 0.5,
        atScore: 0.5,
      }),
    });
    const numbers = Object.keys(
      headlineValues({
        protocol: {},
        ap: { easy: 1, medium: 1, hard: 1 },
        detection: { values: { ap: 1, f1: 1 } },
        latencyMs: { total: { median: 1, p95: 1, mad: 1, n: 1 } },
        memoryPeakBytes: 1,
        model: { id: 'm', bytes: 1 },
      } as never),
    );
    expect(numbers.length).toBeGreaterThan(5);
    for (const word of [...settings, ...numbers.filter((key) => !key.startsWith('size.'))]) {
      expect([word, findWord(word).kind]).toEqual([word, 'found']);
    }
  });

  it('points at documents that exist', () => {
    for (const { docs } of allWords) {
      expect(existsSync(path.resolve(import.meta.dirname, '../../../..', docs)), docs).toBe(true);
    }
  });
});
