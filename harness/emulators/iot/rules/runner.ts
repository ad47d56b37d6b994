import type { Clock, Random } from '../../../clock/index.ts';
import type { AwsAccess, Log } from '../../../edge/emulator.ts';
import { withNotes } from '../../../edge/headers.ts';
import type { MetricSink } from '../../../edge/sinks.ts';
import type { EntryNumber, Ledger } from '../../../ledger/index.ts';
import type { MessageBroker, PublishedMessage } from '../model.ts';
import type { TopicRule } from '../registry/model.ts';
import type { IotRegistry } from '../registry/registry.ts';
import type { RuleAction } from './rule.ts';
import { applyQuery, fillTemplate, type Scope } from './sql/evaluate.ts';
import { matches } from './topic-filter.ts';

export interface RuleRunnerParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly aws: AwsAccess;
  readonly ledger: Ledger;
  readonly log: Log;
  readonly metrics: MetricSink;
  readonly registry: IotRegistry;
  readonly broker: MessageBroker;
}

/** A message for one rule: its FROM is not asked, and what precedes is no part of the topic. */
const BASIC_INGEST = /^\$aws\/rules\/([^/]+)\/(.*)$/s;

/** Acts on messages as the topic rules say. */
export class RuleRunner {
  readonly #parts: RuleRunnerParts;

  constructor(parts: RuleRunnerParts) {
    this.#parts = parts;
  }

  /** Begins what every rule for the message's topic is to do with it. */
  published(message: PublishedMessage): void {
    const [, ruleName, topic] = BASIC_INGEST.exec(message.topic) ?? [];
    for (const { rules } of this.#parts.registry.homes()) {
      if (ruleName !== undefined && topic !== undefined) {
        this.#begin(rules.get(ruleName), { ...message, topic });
        continue;
      }
      for (const rule of rules.values()) {
        if (matches(rule.rule.query.filter, message.topic)) this.#begin(rule, message);
      }
    }
  }

  #begin(rule: TopicRule | undefined, message: PublishedMessage): void {
    if (rule === undefined || rule.disabled) return;
    void this.#parts.clock.run(`iot rule ${rule.name}`, () => this.#act(rule, message));
  }

  async #act(rule: TopicRule, message: PublishedMessage): Promise<void> {
    const { clock, random, log, metrics } = this.#parts;
    const dimensions = { RuleName: rule.name };
    metrics.count('AWS/IoT', 'TopicMatch', dimensions, 1);
    const { topic, payload, clientId } = message;
    const scope: Scope = { topic, payload, clientId, now: clock.now(), uuid: () => random.uuid() };
    let selected: Buffer | undefined;
    try {
      selected = applyQuery(rule.rule.query, scope);
    } catch (error) {
      metrics.count('AWS/IoT', 'Failure', dimensions, 1);
      log.error(`The rule ${rule.name} cannot be applied to a message on ${topic}.`, error);
      return;
    }
    if (selected === undefined) return;
    for (const action of rule.rule.actions) await this.#tryAction(rule, action, { message, scope, selected });
  }

  async #tryAction(rule: TopicRule, action: RuleAction, about: About): Promise<void> {
    const { ledger, log, metrics } = this.#parts;
    const { topic, cause } = about.message;
    const where = `iot/${topic}`;
    const detail = { rule: rule.name, action: action.kind };
    const entry = ledger.append({ where, what: 'noted', cause, detail });
    const dimensions = { RuleName: rule.name, ActionType: action.kind };
    try {
      await this.#run(rule, action, about, entry);
      metrics.count('AWS/IoT', 'Success', dimensions, 1);
    } catch (error) {
      metrics.count('AWS/IoT', 'Failure', dimensions, 1);
      const reason = (error as Error).message;
      ledger.append({ where, what: 'noted', cause: entry, detail: { ...detail, outcome: 'failed', reason } });
      log.error(`The rule ${rule.name}: its action ${action.kind} failed for a message on ${topic}.`, error);
    }
  }

  async #run(rule: TopicRule, action: RuleAction, { scope, selected }: About, cause: EntryNumber): Promise<void> {
    const { aws, broker } = this.#parts;
    switch (action.kind) {
      case 'lambda': {
        const { InvokeCommand, LambdaClient } = await import('@aws-sdk/client-lambda');
        const { functionArn } = action;
        const command = new InvokeCommand({ FunctionName: functionArn, InvocationType: 'Event', Payload: selected });
        await aws.client(LambdaClient, functionArn.split(':')[3]).send(command, withNotes({ cause }));
        return;
      }
      case 'kinesis': {
        const { KinesisClient, PutRecordCommand } = await import('@aws-sdk/client-kinesis');
        const PartitionKey = fillTemplate(action.partitionKey, scope);
        const command = new PutRecordCommand({ StreamName: action.streamName, PartitionKey, Data: selected });
        await aws.client(KinesisClient, rule.region).send(command, withNotes({ cause }));
        return;
      }
      case 'republish': {
        const topic = fillTemplate(action.topic, scope);
        if (matches(rule.rule.query.filter, topic)) {
          throw new Error(`It would act on its own message on ${topic} again, for ever.`);
        }
        const { qos } = action;
        await broker.publish({ topic, payload: selected, qos, retain: false, clientId: undefined, cause });
        return;
      }
    }
  }
}

interface About {
  readonly message: PublishedMessage;
  readonly scope: Scope;
  readonly selected: Buffer;
}
