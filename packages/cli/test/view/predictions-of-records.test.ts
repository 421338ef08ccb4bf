import type { SourcedRecord } from '@retinabench/report';
import type { ResultRecord } from '@retinabench/results';
import { describe, expect, it } from 'vitest';
import { commandFlags } from '../../src/view/command-flags.js';
import { predictionsOfRecords } from '../../src/view/predictions-of-records.js';

const here = import.meta.dirname;

function source(file: string, command?: string): SourcedRecord {
  const record = { kind: 'wider', ...(command === undefined ? {} : { command }) } as ResultRecord;
  return { file, record };
}

const two = [source('a.json', `npx retinabench wider score --pred ${here}`), source('b.json')];

describe('predictionsOfRecords', () => {
  it('takes flags in order or by key, and else what the command of the record names', async () => {
    expect(await predictionsOfRecords(two, ['x', 'y'])).toEqual([{ location: 'x' }, { location: 'y' }]);
    expect(await predictionsOfRecords(two, ['R2=y=z'])).toEqual([
      { location: here, assumed: 'as the command of its record has it' },
      { location: 'y=z' },
    ]);
  });

  it('refuses a key or a flag that no record is left for, and one that is named twice', async () => {
    await expect(predictionsOfRecords(two, ['x', 'y', 'z'])).rejects.toThrow(/--pred z: .*one of 2 records, R1 to R2/);
    await expect(predictionsOfRecords(two, ['R3=x'])).rejects.toThrow(/--pred R3=x: .*one of 2 records/);
    await expect(predictionsOfRecords(two, ['R0=x'])).rejects.toThrow(/--pred R0=x: .*one of 2 records/);
    await expect(predictionsOfRecords(two, ['x', 'R1=y'])).rejects.toThrow(/R1 has predictions already, x/);
  });

  it('says what to name where nothing does, or what is named is gone', async () => {
    await expect(predictionsOfRecords(two, ['x'])).rejects.toThrow(/^b\.json: .*--pred R2=PATH/);
    const gone = [source('c.json', 'npx retinabench wider score --pred gone')];
    await expect(predictionsOfRecords(gone, [])).rejects.toThrow(/made of gone, which is not there/);
  });
});

describe('commandFlags', () => {
  it('reads what commandLine wrote', () => {
    const flags = commandFlags(
      `npx retinabench score --gt 'my labels.csv' --pred=a/b.json --out 'it'\\''s.json' --force`,
    );
    expect([...flags]).toEqual([
      ['gt', 'my labels.csv'],
      ['pred', 'a/b.json'],
      ['out', "it's.json"],
    ]);
    expect([...commandFlags(undefined)]).toEqual([]);
  });
});
