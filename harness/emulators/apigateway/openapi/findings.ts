import { AwsError } from '../../../edge/aws-error.ts';
import { badRequest } from '../errors.ts';

/** What an import finds wrong with a definition: errors, which nothing comes of, and warnings. */
export class Findings {
  readonly #errors: string[] = [];
  readonly warnings: string[] = [];

  /** Does a part of the import; an error of it is one of the import's. What is not supported is an error by itself. */
  async attempt(what: string, part: () => unknown): Promise<void> {
    try {
      await part();
    } catch (error) {
      if (!(error instanceof AwsError) || error.status === 501) throw error;
      this.#errors.push(`${what}: ${error.message}`);
    }
  }

  warn(message: string): void {
    this.warnings.push(message);
  }

  /** @throws BadRequestException in the words of published error messages */
  settle(failOnWarnings: boolean): void {
    if (this.#errors.length > 0) {
      const more = this.warnings.length > 0 ? `\nAdditionally, these warnings were found:${lines(this.warnings)}` : '';
      throw badRequest(`Errors found during import:${lines(this.#errors)}${more}`);
    }
    if (failOnWarnings && this.warnings.length > 0) {
      throw badRequest(`Warnings found during import:${lines(this.warnings)}`);
    }
  }
}

const lines = (messages: readonly string[]): string => messages.map((message) => `\n\t${message}`).join('');
