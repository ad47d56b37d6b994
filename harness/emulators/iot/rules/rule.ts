import type { Action, TopicRulePayload } from '@aws-sdk/client-iot';
import { errors, refuse } from '../errors.ts';
import { MAX_RULE_ACTIONS } from '../limits.ts';
import type { Template } from './sql/evaluate.ts';
import { parseExpression, parseQuery } from './sql/parse.ts';
import type { Query } from './sql/query.ts';
import { matches } from './topic-filter.ts';

/** What a topic rule does. */
export interface Rule {
  readonly query: Query;
  readonly actions: readonly RuleAction[];
}

export type RuleAction =
  | { readonly kind: 'lambda'; readonly functionArn: string }
  | { readonly kind: 'kinesis'; readonly streamName: string; readonly partitionKey: Template }
  | { readonly kind: 'republish'; readonly topic: Template; readonly qos: 0 | 1 };

/** Without a version AWS takes the oldest; what of it there is here is the same in both. */
const SQL_VERSIONS = ['2015-10-08', '2016-03-23'];
/** The partition key of records whose action names none. */
const ANY_SHARD: Template = [{ kind: 'call', name: 'newuuid', argument: undefined }];
const TEMPLATE_PART = /\$\{([^}]*)\}/g;

/** @throws InvalidRequestException, SqlParseException, NotImplementedException */
export function readRule({ sql, actions, awsIotSqlVersion: version, errorAction }: TopicRulePayload): Rule {
  if (sql === undefined || sql === '') throw errors.invalid('The rule has no SQL statement.');
  if (version !== undefined && !SQL_VERSIONS.includes(version)) {
    throw errors.unsupported(`awsIotSqlVersion ${version}, only ${SQL_VERSIONS.join(' and ')}`);
  }
  refuse(errorAction, 'error actions of rules (errorAction)');
  if (actions === undefined) throw errors.invalid('The rule has no list of actions.');
  if (actions.length > MAX_RULE_ACTIONS) throw errors.invalid(`A rule may have at most ${MAX_RULE_ACTIONS} actions.`);
  const query = parseQuery(sql);
  return { query, actions: actions.map((action) => readAction(action, query.filter)) };
}

function readAction(action: Action, filter: string): RuleAction {
  const [given, ...others] = Object.entries(action).filter(([, value]) => value !== undefined);
  if (given === undefined || others.length > 0) throw errors.invalid('An action of a rule must be exactly one action.');
  const { lambda, kinesis, republish } = action;
  if (lambda) {
    const { functionArn } = lambda;
    if (!/^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:./.test(functionArn ?? '')) {
      throw errors.invalid(`The function ARN ${functionArn} is not valid.`);
    }
    return { kind: 'lambda', functionArn: functionArn ?? '' };
  }
  if (kinesis) {
    const { streamName, partitionKey } = kinesis;
    if (!streamName) throw errors.invalid('A Kinesis action needs a streamName.');
    if (streamName.includes('${')) throw errors.unsupported('a template as the streamName of an action');
    return { kind: 'kinesis', streamName, partitionKey: partitionKey ? readTemplate(partitionKey) : ANY_SHARD };
  }
  if (republish) {
    const { topic, qos = 0, headers } = republish;
    refuse(headers, 'MQTT headers of republish actions (headers)');
    if (!topic) throw errors.invalid('A republish action needs a topic.');
    if (topic.startsWith('$') && !topic.startsWith('${')) {
      throw errors.unsupported('reserved topics in republish actions');
    }
    if (qos !== 0 && qos !== 1) throw errors.invalid('The QoS of a republish action is 0 or 1.');
    const template = readTemplate(topic);
    if (template.every((part) => typeof part === 'string') && matches(filter, topic)) {
      throw errors.unsupported(`a rule for '${filter}' that republishes to ${topic}: it would act on its own messages`);
    }
    return { kind: 'republish', topic: template, qos };
  }
  throw errors.unsupported(`the action ${given[0]} of rules, only lambda, kinesis and republish`);
}

function readTemplate(text: string): Template {
  const parts: (string | ReturnType<typeof parseExpression>)[] = [];
  let from = 0;
  for (const match of text.matchAll(TEMPLATE_PART)) {
    if (match.index > from) parts.push(text.slice(from, match.index));
    parts.push(parseExpression(match[1] ?? ''));
    from = match.index + match[0].length;
  }
  if (from < text.length) parts.push(text.slice(from));
  return parts;
}
