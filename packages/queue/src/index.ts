/** Runs over more than one machine. What a library needs is loaded when a queue is opened, not with this module. */
export { parseQueueAddress, type QueueAddress, type ServerKind } from './address/queue-address.js';
export { type BlobServer, serveBlobs } from './blobs/serve-blobs.js';
export { type Fleet, type FleetOptions, openFleet } from './coordinator/fleet.js';
export type { AnsweredBy, FileReading, FleetCodec, FleetImage, ImageAnswer } from './coordinator/fleet-codec.js';
export type { FleetProgress } from './coordinator/fleet-statistics.js';
export type {
  Engine,
  JobState,
  JobStore,
  JobTaker,
  LockSettings,
  StoredJob,
  TakenJob,
} from './engine/engine.js';
export { type EngineOptions, openEngine } from './engine/open-engine.js';
export { cpuClass } from './messages/cpu-class.js';
export type { RunSetup, SetupModel } from './messages/run-setup.js';
export type { WorkerConditions } from './messages/worker-conditions.js';
export { type CleanedQueue, cleanQueue } from './status/clean-queue.js';
export { drainRuns } from './status/drain-runs.js';
export { type QueueStatus, readQueue } from './status/read-queue.js';
export { scratchFolder } from './worker/scratch-folder.js';
export { type ServeOptions, serveUnits } from './worker/serve-units.js';
export type { LocalAnswer, LocatedImage, OpenedKind, WorkerKind, WorkerKinds } from './worker/worker-kind.js';
