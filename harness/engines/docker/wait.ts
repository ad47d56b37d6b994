import type { BoundPorts, TestContainer } from 'testcontainers';
import type { Container } from './containers.ts';

type WaitStrategy = Parameters<TestContainer['withWaitStrategy']>[0];

/** A wait of our own in testcontainers' clothes: its waits poll seldom, know no abort and show no log. */
export function waitFor(
  withinMs: number,
  until: (container: Container, ports: BoundPorts) => Promise<void>,
): WaitStrategy {
  const strategy: WaitStrategy = {
    withStartupTimeout: () => strategy,
    isStartupTimeoutSet: () => true,
    getStartupTimeout: () => withinMs,
    waitUntilReady: until,
  };
  return strategy;
}
