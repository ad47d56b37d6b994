import type { Call } from '../../../edge/emulator.ts';
import { errors } from '../errors.ts';
import { DEFAULT_ASYNC_RETRIES, MAX_EVENT_AGE } from '../limits.ts';
import type { FunctionDirectory, FunctionRevision } from '../model.ts';
import type { FunctionName } from '../names.ts';
import type { LambdaFunction } from './function.ts';
import type { AsyncSettings, AsyncSettingsDirectory } from './model.ts';

type Place = Pick<Call, 'region' | 'accountId'>;

/** All functions of the emulator, by ARN. */
export class FunctionStore implements FunctionDirectory, AsyncSettingsDirectory {
  readonly #functions = new Map<string, LambdaFunction>();

  find(arn: string): FunctionRevision | undefined {
    return this.#functions.get(arn)?.revision;
  }

  get(arn: string): LambdaFunction | undefined {
    return this.#functions.get(arn);
  }

  /**
   * The function of a name whose qualifier, if any, is `$LATEST`.
   *
   * @throws ResourceNotFoundException
   */
  latest({ arn, qualifier, qualifiedArn }: FunctionName): LambdaFunction {
    const found = this.#functions.get(arn);
    if (!found || (qualifier !== undefined && qualifier !== '$LATEST')) throw errors.functionNotFound(qualifiedArn);
    return found;
  }

  /** @throws ResourceConflictException */
  add(made: LambdaFunction): void {
    this.refuseTaken(made);
    this.#functions.set(made.arn, made);
  }

  /** @throws ResourceConflictException */
  refuseTaken({ arn, name }: Pick<LambdaFunction, 'arn' | 'name'>): void {
    if (this.#functions.has(arn)) throw errors.conflict(`Function already exist: ${name}`);
  }

  delete(arn: string): void {
    this.#functions.delete(arn);
  }

  /** Those of an account and region, by name. */
  list({ region, accountId }: Place): LambdaFunction[] {
    return [...this.#functions.values()]
      .filter((one) => one.region === region && one.accountId === accountId)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  clear(): void {
    this.#functions.clear();
  }

  asyncSettings(functionArn: string): AsyncSettings {
    const found = this.#functions.get(functionArn);
    const config = found?.eventInvokeConfig;
    return {
      maximumRetryAttempts: config?.maximumRetryAttempts ?? DEFAULT_ASYNC_RETRIES,
      maximumEventAgeMs: (config?.maximumEventAge ?? MAX_EVENT_AGE) * 1000,
      onSuccess: config?.onSuccess,
      onFailure: config?.onFailure,
      deadLetterArn: found?.configuration.deadLetterArn,
    };
  }
}
