import type { Lock } from '../clock/index.ts';

/** How an emulator that reads a queue learns that there is something to read, as a long poll would tell it. */
export interface QueueWatch {
  /**
   * Resolves as soon as a message of the queue can be received, with a lock of the clock that was taken in the same
   * instant, so that time cannot run away in between: the caller releases it when it is done with what it received.
   * Another reader may have been quicker. Rejects with the signal's reason when aborted.
   *
   * @param queueArn a queue that does not exist (yet) is waited for
   * @param name the lock's name
   */
  whenReceivable(queueArn: string, name: string, signal: AbortSignal): Promise<Lock>;
}
