/** Names of what is kept on a server. */

/** Runs that ask for work: a job each, never taken. */
export const runsName = 'retinabench-runs';

/** Workers: a job each, never taken. */
export const workersName = 'retinabench-workers';

/** The units of a run. */
export function unitsName(run: string): string {
  return `retinabench-units-${run}`;
}

/** The job of a run among `runsName`. */
export function runJobId(run: string): string {
  return `run-${run}`;
}

/** Marks on runs, for their coordinators: a job each, never taken. */
export const marksName = 'retinabench-marks';

/** The mark that asks the coordinator of a run to end. */
export function drainMarkId(run: string): string {
  return `drain-${run}`;
}
