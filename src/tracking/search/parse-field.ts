import { nearest } from '../../config/suggest';
import { directionOf } from './direction';
import { oneOf, refuseAt, type Source } from './fault';
import { unquoted, type Token } from './tokens';
import type { Field, Vocabulary } from './types';

/** What a name or a quoted text means on the left of a comparison: "metrics.loss", "`run name`", "params.\"a b\"". */
export function fieldOf(source: Source, token: Token, words: Vocabulary): Field {
  const dot = token.text.indexOf('.');
  if (dot < 0) return attributeOf(source, token, words, unquoted(token.text));
  const first = token.text.slice(0, dot);
  const word = first.startsWith('`') && first.endsWith('`') ? first.slice(1, -1) : first;
  const known = Object.hasOwn(words.entities, word) ? words.entities[word] : undefined;
  if (!known) return refuseEntity(source, token, words, word);
  const key = unquoted(token.text.slice(dot + 1));
  if (key === '') refuseAt(source, token.at, token.text.length, `"${token.text}" names nothing after the dot`);
  const { entity, aggregate = 'last' } = known;
  if (entity === 'attribute') return attributeOf(source, token, words, key);
  if (entity === 'dataset' && !words.datasets.includes(key)) {
    refuseAt(source, token.at, token.text.length, `a data set has no "${key}"; it has ${oneOf(words.datasets)}`);
  }
  return {
    entity,
    key,
    kind: entity === 'metric' ? 'number' : 'text',
    aggregate: aggregate === 'best' ? bestOf(source, token, key) : aggregate,
  };
}

function attributeOf(source: Source, token: Token, words: Vocabulary, key: string): Field {
  const known = Object.hasOwn(words.attributes, key) ? words.attributes[key] : undefined;
  if (known) return { entity: 'attribute', key: known.key, aggregate: 'last', kind: known.kind };
  const names = [...new Set(Object.values(words.attributes).map((one) => one.key))];
  const near = nearest(key, names);
  const advice =
    near !== null
      ? `did you mean ${near}?`
      : `${words.items} have ${oneOf(names)}; ${Object.hasOwn(words.entities, 'metrics') ? 'metrics, params and tags are written metrics.name, params.name and tags.name' : 'tags are written tags.name'}`;
  return refuseAt(source, token.at, token.text.length, `"${key}" is no attribute; ${advice}`);
}

function refuseEntity(source: Source, token: Token, words: Vocabulary, word: string): never {
  const names = Object.keys(words.entities);
  const near = nearest(word.toLowerCase(), names);
  const advice = near === null ? `before the dot stands ${oneOf(names)}` : `did you mean ${near}?`;
  return refuseAt(source, token.at, token.text.length, `"${word}" is nothing that ${words.items} have; ${advice}`);
}

function bestOf(source: Source, token: Token, key: string): 'min' | 'max' {
  const direction = directionOf(key);
  if (direction !== null) return direction === 'maximize' ? 'max' : 'min';
  return refuseAt(
    source,
    token.at,
    token.text.length,
    `whether more or less "${key}" is better does not show in its name; write max.${key} or min.${key}`,
  );
}
