import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const NAETMUL = fileURLToPath(new URL('../cli/naetmul.js', import.meta.url));

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `naetmul` with these arguments, as a user would, against the bench at `edge`. */
export function runNaetmul(edge: string, ...args: readonly string[]): Promise<CommandResult> {
  const env = { ...process.env, NAETMUL_URL: edge, NO_COLOR: '1' };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [NAETMUL, ...args], { env }, (error, stdout, stderr) => {
      if (error !== null && typeof error.code !== 'number') reject(error);
      else resolve({ exitCode: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}
