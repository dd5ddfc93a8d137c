// Rules of auto-route: `pacs` for all, `pacs: Modality=CT|MR, StationName=ROOM*` for what has these values.
import { UsageError } from './run-example.ts';

export interface RoutingRule {
  readonly modality: string;
  readonly conditions: readonly Condition[];
}

interface Condition {
  readonly tag: string;
  readonly patterns: readonly RegExp[];
}

/** Tags of an instance by keyword. */
export type Tags = Readonly<Record<string, unknown>>;

/** `*` stands for any text, `?` for one character. */
function patternOf(text: string): RegExp {
  const escaped = text.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'su');
}

/** @throws UsageError */
function conditionOf(text: string): Condition {
  const [, tag, values] = /^\s*([A-Za-z]\w*)\s*=\s*(.*?)\s*$/s.exec(text) ?? [];
  if (tag === undefined || values === undefined)
    throw new UsageError(`"${text.trim()}" is no condition such as Modality=CT`);
  return { tag, patterns: values.split('|').map(patternOf) };
}

/** @throws UsageError */
export function routingRule(text: string): RoutingRule {
  const at = text.indexOf(':');
  const modality = (at < 0 ? text : text.slice(0, at)).trim();
  if (modality === '') throw new UsageError(`"${text}" names no modality`);
  const conditions = at < 0 ? [] : text.slice(at + 1).split(',');
  return { modality, conditions: conditions.map(conditionOf) };
}

function isMet({ tag, patterns }: Condition, tags: Tags): boolean {
  const value = tags[tag];
  const values = typeof value === 'string' ? value.split('\\').map((one) => one.trim()) : [''];
  return values.some((one) => patterns.some((pattern) => pattern.test(one)));
}

/** Where the rules send what has these tags, each modality once. */
export function destinationsOf(rules: readonly RoutingRule[], tags: Tags): readonly string[] {
  const matching = rules.filter(({ conditions }) => conditions.every((condition) => isMet(condition, tags)));
  return [...new Set(matching.map(({ modality }) => modality))];
}
