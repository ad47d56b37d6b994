import { expect, test } from 'vitest';
import { reportCommand } from './commands/report.ts';

test('naetmul report refuses a bucket without a name, as a variable that is not set gives it', async () => {
  let said = '';
  const command = reportCommand()
    .exitOverride()
    .configureOutput({
      writeErr: (text) => {
        said += text;
      },
    });
  await expect(command.parseAsync(['--bucket', ''], { from: 'user' })).rejects.toMatchObject({
    code: 'commander.invalidArgument',
  });
  expect(said).toContain('A bucket has a name.');
});
