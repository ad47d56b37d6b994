import { z } from 'zod';

/** Keys of a compose file that naetmul knows. Source: Compose file reference. */

const restart = z
  .enum(['no', 'always', 'unless-stopped', 'on-failure'], 'takes no, always, unless-stopped or on-failure')
  .default('no');

const environment = z.union(
  [z.record(z.string(), z.union([z.string(), z.number(), z.null()])), z.array(z.string())],
  'takes a map of texts and numbers, or a list of NAME=value',
);

const PORT = /^(?:(?:127\.0\.0\.1|0\.0\.0\.0):)?(\d{1,5}):(\d{1,5})(?:\/tcp)?$/;

const ports = z.tuple(
  [
    z
      .string('takes published:target, such as "8080:80"')
      .regex(PORT, 'takes published:target, such as "8080:80"')
      .transform((text) => {
        const [, published, target] = PORT.exec(text) ?? [];
        return { published: Number(published), target: Number(target) };
      }),
  ],
  'takes a list of one port',
);

/** A service that is built from the folder. `image` beside `build` only names what is built. */
export const processSchema = z.strictObject({
  build: z.union(
    [z.string(), z.strictObject({ context: z.string(), dockerfile: z.string().optional() })],
    'takes a folder, or context and dockerfile',
  ),
  image: z.string().optional(),
  command: z.union(
    [
      z.tuple([z.string()], z.string()),
      z.string().regex(/^[^'"\\]+$/, 'takes a list of words, or words without quotes'),
    ],
    'takes a list of words, or words without quotes',
  ),
  environment: environment.default({}),
  ports: ports.optional(),
  restart,
});

const dependsOn = z.union(
  [
    z.array(z.string()),
    z
      .record(z.string(), z.strictObject({ condition: z.enum(['service_started', 'service_healthy']) }))
      .transform(Object.keys),
  ],
  'takes a list of services, or a map of services to service_started or service_healthy',
);

export const nginxSchema = z.strictObject({
  image: z.string(),
  environment: environment.default({}),
  volumes: z.array(z.string('takes a list of source:target')),
  ports,
  depends_on: dependsOn,
  restart,
});

export const fileSchema = z.strictObject({
  name: z.string().optional(),
  services: z.record(z.string(), z.record(z.string(), z.unknown(), 'takes a map'), 'takes a map of services'),
});
