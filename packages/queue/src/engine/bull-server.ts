import type * as BullMq from 'bullmq';
import type { BackendFactory, IQueueBackend, QueueOptions } from 'bullmq';
import type { QueueAddress } from '../address/queue-address.js';

/** A server that BullMQ works with, connected. */
export interface BullServer {
  readonly address: QueueAddress;
  readonly bullmq: typeof BullMq;
  readonly libraryVersion: string;
  /** The server's name and version. */
  readonly description: string;
  readonly notes: readonly string[];
  /** What each queue and worker of BullMQ is made with. */
  readonly connection: NonNullable<QueueOptions['connection']>;
  /** Absent: BullMQ's own default, Redis. */
  readonly backend?: BackendFactory<IQueueBackend, QueueOptions['connection']>;
  close(): Promise<void>;
}
