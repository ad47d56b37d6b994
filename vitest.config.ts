import { execFileSync } from 'node:child_process';
import { configDefaults, defineConfig } from 'vitest/config';
import { IMAGES } from './harness/engines/docker/images.ts';
import { findChromium } from './services/page-kit/testing/chromium.ts';

const hasBrowser = findChromium() !== undefined;
if (!hasBrowser) {
  console.warn(
    'There is no Chromium on the PATH: tests of pages in a browser are left out. Install it (apt-get install chromium), or name one in CHROMIUM.',
  );
}

const hasImages = dockerHas(Object.values(IMAGES));
if (!hasImages) {
  console.warn(
    'There is no Docker here that has the servers’ images: tests of containers are left out. `naetmul setup --stack docker` fetches them.',
  );
}

function dockerHas(images: readonly string[]): boolean {
  try {
    execFileSync('docker', ['image', 'inspect', ...images], { stdio: 'ignore', timeout: 5_000 });
    return true;
  } catch {
    return false;
  }
}

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{harness,services,bench,fixtures}/**/*.test.ts'],
          exclude: ['**/*.integration.test.ts'],
        },
      },
      {
        test: {
          name: 'integration',
          include: ['{harness,services}/**/*.integration.test.ts'],
          exclude: [
            ...configDefaults.exclude,
            ...(hasBrowser ? [] : ['**/*.browser.integration.test.ts']),
            ...(hasImages ? [] : ['**/*.docker.integration.test.ts']),
          ],
          // The same servers on every machine; what is about containers asks for them.
          env: { NAETMUL_STACK: 'native' },
          testTimeout: 120_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'scenarios',
          include: ['scenarios/*.ts'],
          exclude: [...configDefaults.exclude, ...(hasBrowser ? [] : ['**/*.browser.ts'])],
          testTimeout: 180_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
