import type { PairedDifference } from '../difference/difference-interval.js';
import { modelKey, scoringKey } from '../gate/detector.js';
import { accuracyCells } from './accuracy-cells.js';
import { accuracyColumns, isDeciding } from './accuracy-columns.js';
import type { DecisionRow, DecisionTable } from './decision-table.js';
import { inWords } from './decision-words.js';
import { type JoinedRow, joinRows } from './join-rows.js';
import { latencyCells } from './latency-cells.js';
import type { NamedRecord } from './named-record.js';
import { paretoRows } from './pareto-rows.js';
import { tableTitles } from './table-titles.js';
import { latencyColumns, timedRecords } from './timed.js';
import { unhashedNotes } from './unhashed-notes.js';

/**
 * Detectors side by side, one table for each way of scoring and each data set: model by backend by scale, joined with the
 * times, the parity and the landmark errors of the same model on the same backend. Numbers of different protocols or
 * images never share a table. Models that are timed alone have a table of their own, without accuracy.
 *
 * Cost: one paired difference a row and column to the baseline and one to the best, each pair of records once.
 */
export function buildDecisionTables(
  records: readonly NamedRecord[],
  pairedApDifference: PairedDifference,
): DecisionTable[] {
  const groups = new Map<string, NamedRecord[]>();
  for (const named of records.filter(({ record }) => isDeciding(record.kind))) {
    const key = scoringKey(named.record);
    groups.set(key, [...(groups.get(key) ?? []), named]);
  }
  const timed = timedRecords(records);
  const models = new Set([...groups.values()].flat().map(({ record }) => modelKey(record)));
  const apart = records.filter(({ record }) => record.kind === 'latency' && !models.has(modelKey(record)));
  const all = [...groups.values(), ...(apart.some(({ key }) => timed.some((one) => one.key === key)) ? [apart] : [])];
  const titles = tableTitles(all.map(([{ record }]) => record));
  return all.map((members, index) => tableOf(members, titles[index], records, pairedApDifference));
}

function tableOf(
  members: readonly NamedRecord[],
  title: string,
  records: readonly NamedRecord[],
  pairedApDifference: PairedDifference,
): DecisionTable {
  const [{ record: first }] = members;
  const accuracy =
    first.kind === 'latency'
      ? []
      : accuracyColumns(
          first.kind,
          members.map(({ record }) => record),
        );
  const joined = joinRows(members, records);
  const baseline = baselineRow(joined, records);
  const accuracyOf = accuracyCells(joined, accuracy, baseline, pairedApDifference);
  const latency = latencyColumns(joined.flatMap(({ times }) => times));
  const latencyOf = latencyCells(joined, latency, baseline);
  const deciding = accuracy.at(-1);
  const pareto = paretoRows(accuracyOf, latencyOf, deciding, latency);
  const rows = joined.map((row, index): DecisionRow => {
    const { member, model, backend, scale, detail, parity, landmarks, bytes, memoryPeakBytes } = row;
    return {
      ...(member === undefined ? {} : { key: member.key }),
      model,
      ...(backend === undefined ? {} : { backend }),
      ...(scale === undefined ? {} : { scale }),
      ...(detail === undefined ? {} : { detail }),
      isBaseline: row === baseline,
      isPareto: pareto.has(index),
      accuracy: accuracyOf[index],
      latency: latencyOf[index],
      ...(bytes === undefined ? {} : { bytes }),
      ...(memoryPeakBytes === undefined ? {} : { memoryPeakBytes }),
      ...(parity === undefined ? {} : { parity }),
      ...(landmarks === undefined ? {} : { landmarks }),
    };
  });
  const table = { kind: first.kind, title, accuracy, latency, rows };
  return {
    ...table,
    sentences: inWords(table),
    notes: notesOf(joined, accuracy.length > 0).concat(unhashedNotes(members, records)),
  };
}

/** The row of a chosen baseline, else that of its model and backend, else the first. */
function baselineRow(rows: readonly JoinedRow[], records: readonly NamedRecord[]): JoinedRow {
  const chosen = records.filter(({ isBaseline }) => isBaseline);
  const own = rows.find(({ member, times }) =>
    chosen.some(({ key }) => key === member?.key || times.some((time) => time.key === key)),
  );
  const alike = rows.find((row) =>
    chosen.some(({ record }) => row.modelId === modelKey(record) && row.backend === record.backend?.id),
  );
  return own ?? alike ?? rows[0];
}

function notesOf(rows: readonly JoinedRow[], hasAccuracy: boolean): string[] {
  const unlike = new Set(rows.flatMap(({ member, timedElsewhere }) => (member === undefined ? [] : timedElsewhere)));
  const unmeasured = rows.filter(({ member }) => member === undefined);
  return [
    ...(unlike.size === 0
      ? []
      : [
          `A row has a time of bench only where bench ran with its settings. Here bench ran with ${[...unlike].join('; ')}: run it again with those of the row, by --scale and its other flags.`,
        ]),
    ...(unmeasured.length === 0 || !hasAccuracy
      ? []
      : [
          'A row without accuracy was timed and not evaluated on these images: its accuracy is not taken from another backend.',
        ]),
  ];
}
