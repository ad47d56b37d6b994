import { describe, expect, test } from 'vitest';
import { checkContent, fill, firstLink, variablesOf } from './content.ts';

const endpoint = {
  Id: 'e1',
  Address: 'jiho@example.com',
  Attributes: { city: ['Seoul', 'Busan'] },
  User: { UserId: 'u1', UserAttributes: { name: ['지호'] } },
};
const subject = 'Hi {{User.UserAttributes.name}}, {{ Attributes.city }} {{Attributes.city.[0]}} {{Attributes.none}}!';

describe('what a mail says', () => {
  test('has the recipient’s values in it', () => {
    const filled = fill({ subject, html: '{{Id}}', text: undefined }, variablesOf(endpoint));
    expect(filled).toEqual({ subject: 'Hi 지호, Seoul,Busan Seoul !', html: 'e1', text: undefined });
  });

  test('has the caller’s substitutions in it', () => {
    const filled = fill({ subject: '{{name}} {{a.b}}', html: undefined, text: 'x' }, { name: ['J'], 'a.b': ['1'] });
    expect(filled.subject).toBe('J 1');
  });

  test('has no more of Handlebars than variables', () => {
    const content = { subject: 'a', html: '{{Id}} {{#if Attributes.city}}x{{/if}}', text: undefined };
    expect(() => checkContent(content)).toThrow(
      'The Pinpoint emulator of naetmul does not support "{{#if Attributes.city}}" in a message, ' +
        'only variables such as {{User.UserId}}.',
    );
  });

  test.each([
    [
      '<p>https://a.example <a class="b" href="https://b.example/?q=1">b</a></p>',
      'https://x.example',
      'https://b.example/?q=1',
    ],
    ['<p>nothing</p>', 'see https://x.example/y and more', 'https://x.example/y'],
    [undefined, 'no link', undefined],
  ])('has a first link: %s', (html, text, link) => {
    expect(firstLink({ subject: '', html, text })).toBe(link);
  });
});
