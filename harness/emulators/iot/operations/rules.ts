import * as api from '@aws-sdk/client-iot';
import { errors } from '../errors.ts';
import { MAX_PAGE } from '../limits.ts';
import { page } from '../page.ts';
import type { Home } from '../registry/home.ts';
import type { TopicRule } from '../registry/model.ts';
import { readRule } from '../rules/rule.ts';
import { matches } from '../rules/topic-filter.ts';
import { Violations } from '../violations.ts';
import { type OperationMaker, operation } from './operation.ts';
import { readTags } from './tags.ts';

const createTopicRule = operation(
  api.CreateTopicRule$,
  (home, { ruleName, topicRulePayload, tags }: api.CreateTopicRuleRequest, { clock }): void => {
    const name = checkedName(ruleName);
    const payload = checkedPayload(topicRulePayload);
    const rule = readRule(payload);
    const readable = readTags(tagsOfHeader(tags));
    const arn = home.arn(`rule/${name}`);
    if (home.rules.has(name)) {
      throw errors.exists(`Rule with name '${name}' already exists`, name, arn);
    }
    home.rules.set(name, {
      name,
      arn,
      region: home.region,
      createdAt: clock.now(),
      payload,
      disabled: payload.ruleDisabled ?? false,
      rule,
      tags: readable,
    });
  },
);

const getTopicRule = operation(
  api.GetTopicRule$,
  (home, { ruleName }: api.GetTopicRuleRequest): api.GetTopicRuleResponse => {
    const { name, arn, createdAt, payload, disabled } = home.rule(checkedName(ruleName));
    return {
      ruleArn: arn,
      rule: {
        ruleName: name,
        sql: payload.sql,
        ...(payload.description !== undefined && { description: payload.description }),
        createdAt: new Date(createdAt),
        actions: payload.actions,
        ruleDisabled: disabled,
        awsIotSqlVersion: payload.awsIotSqlVersion ?? '2015-10-08',
      },
    };
  },
);

const listTopicRules = operation(
  api.ListTopicRules$,
  (home, { topic, maxResults, nextToken, ruleDisabled }: api.ListTopicRulesRequest): api.ListTopicRulesResponse => {
    const violations = new Violations();
    violations.range('maxResults', maxResults, 10_000);
    violations.raise();
    const passes = ({ rule, disabled }: TopicRule) =>
      (topic === undefined || matches(rule.query.filter, topic)) &&
      (ruleDisabled === undefined || disabled === ruleDisabled);
    const { items, next } = page([...home.rules.values()].filter(passes), nextToken, maxResults ?? MAX_PAGE);
    return {
      rules: items.map(({ name, arn, createdAt, disabled, rule }) => ({
        ruleArn: arn,
        ruleName: name,
        topicPattern: rule.query.filter,
        createdAt: new Date(createdAt),
        ruleDisabled: disabled,
      })),
      ...(next && { nextToken: next }),
    };
  },
);

const replaceTopicRule = operation(
  api.ReplaceTopicRule$,
  (home, { ruleName, topicRulePayload }: api.ReplaceTopicRuleRequest): void => {
    const present = home.rule(checkedName(ruleName));
    const payload = checkedPayload(topicRulePayload);
    present.rule = readRule(payload);
    present.payload = payload;
    present.disabled = payload.ruleDisabled ?? false;
  },
);

const deleteTopicRule = operation(api.DeleteTopicRule$, (home, { ruleName }: api.DeleteTopicRuleRequest): void => {
  home.rules.delete(home.rule(checkedName(ruleName)).name);
});

const enableTopicRule = operation(api.EnableTopicRule$, (home, { ruleName }: api.EnableTopicRuleRequest): void =>
  setDisabled(home, ruleName, false),
);

const disableTopicRule = operation(api.DisableTopicRule$, (home, { ruleName }: api.DisableTopicRuleRequest): void =>
  setDisabled(home, ruleName, true),
);

export const topicRules: readonly OperationMaker[] = [
  createTopicRule,
  getTopicRule,
  listTopicRules,
  replaceTopicRule,
  deleteTopicRule,
  enableTopicRule,
  disableTopicRule,
];

function setDisabled(home: Home, ruleName: string | undefined, disabled: boolean): void {
  home.rule(checkedName(ruleName)).disabled = disabled;
}

function checkedName(ruleName: string | undefined): string {
  const violations = new Violations();
  const name = violations.ruleName(ruleName);
  violations.raise();
  return name;
}

function checkedPayload(payload: api.TopicRulePayload | undefined): api.TopicRulePayload {
  const violations = new Violations();
  if (payload === undefined) violations.add('Value null', 'topicRulePayload', 'Member must not be null');
  violations.raise();
  return payload ?? { sql: undefined, actions: undefined };
}

/** `team=water&env=dev`, encoded as in a URL. */
function tagsOfHeader(header: string | undefined): api.Tag[] {
  return [...new URLSearchParams(header ?? '')].map(([Key, Value]) => ({ Key, Value }));
}
