import type { ContainerRuntimeClient } from 'testcontainers';

/** A container as the daemon's own client gives it. */
export type Container = ReturnType<ContainerRuntimeClient['container']['getById']>;

export interface Listed {
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Containers that carry all these labels, running or not. */
export async function listContainers(
  { container }: ContainerRuntimeClient,
  labels: readonly string[],
): Promise<readonly Listed[]> {
  const found = await container.dockerode.listContainers({ all: true, filters: { label: [...labels] } });
  return found.map(({ Id, Labels }) => ({ id: Id, labels: Labels }));
}

/** Removes a container with its volumes, whatever it is doing; one that is gone is fine. */
export async function removeContainer({ container }: ContainerRuntimeClient, id: string): Promise<void> {
  try {
    await container.getById(id).remove({ force: true, v: true });
  } catch (error) {
    const { statusCode } = error as { statusCode?: number };
    // 409: its removal is under way already.
    if (statusCode !== 404 && statusCode !== 409) throw error;
  }
}

/** Removes all that carry these labels, and returns how many they were. */
export async function removeContainers(
  daemon: ContainerRuntimeClient,
  labels: readonly string[],
  which: (listed: Listed) => boolean = () => true,
): Promise<number> {
  const found = (await listContainers(daemon, labels)).filter(which);
  await Promise.all(found.map(({ id }) => removeContainer(daemon, id)));
  return found.length;
}
