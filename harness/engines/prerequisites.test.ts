import { expect, test } from 'vitest';
import { findNginx } from '../processes/nginx.ts';
import { checkPrerequisites } from './prerequisites.ts';

test('nginx is reported where it is, and nothing is missing without it', async () => {
  const nginx = (await checkPrerequisites()).find((one) => one.name === 'nginx');
  const version = (await findNginx())?.version;
  expect(nginx).toMatchObject({ required: false, version, sufficient: version !== undefined });
  expect(nginx?.remedy).toContain('sudo apt install nginx');
});
