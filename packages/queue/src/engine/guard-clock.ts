import type { BackendFactory, IQueueBackend, QueueOptions } from 'bullmq';
import type { ClockWatch } from './clock-watch.js';

type Factory = BackendFactory<IQueueBackend, QueueOptions['connection']>;

/**
 * Backends that do nothing by the clock while it is wrong: no job is taken, none is taken away from others, and no lock is renewed,
 * which would last an hour too long, or have ended an hour ago.
 */
export function guardClock(factory: Factory, clock: ClockWatch): Factory {
  return (...context) => {
    const backend = factory(...context);
    const moveToActive = backend.moveToActive.bind(backend);
    const moveStalledJobsToWait = backend.moveStalledJobsToWait.bind(backend);
    const extendLock = backend.extendLock.bind(backend);
    return Object.assign(backend, {
      // As BullMQ says that no job waits.
      moveToActive: async (...asked: Parameters<typeof moveToActive>) =>
        (await clock.isRight()) ? moveToActive(...asked) : [null, '', 0, 0],
      moveStalledJobsToWait: async () => ((await clock.isRight()) ? moveStalledJobsToWait() : []),
      // Whose it is shows when it is renewed or completed again.
      extendLock: async (...asked: Parameters<typeof extendLock>) =>
        (await clock.isRight()) ? extendLock(...asked) : 1,
    });
  };
}
