// A JSON schema of the OpenAPI document as the TypeScript type that it means.

export interface JsonSchema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema;
  readonly description?: string;
}

/** The name of a shape that has one; undefined for one that is written where it is used. */
export type NameOf = (schema: JsonSchema) => string | undefined;

const scalars: Readonly<Record<string, string>> = {
  string: 'string',
  integer: 'number',
  number: 'number',
  boolean: 'boolean',
  null: 'null',
};

/** A text of the document as a comment; it cannot end the comment. */
export function comment(text: string | undefined, indent: string): string {
  return text ? `${indent}/** ${text.replaceAll('*/', '*\\/')} */\n` : '';
}

/** A value as a literal type. */
function literal(value: unknown): string {
  return typeof value === 'string' ? `'${value.replaceAll(/['\\]/g, '\\$&')}'` : JSON.stringify(value);
}

/** The name of a member, in quotes where it needs them. */
export function memberName(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? name : literal(name);
}

/** The type, its further lines indented by `indent`. */
export function schemaType(schema: JsonSchema, indent: string, nameOf: NameOf): string {
  const values = schema.enum ?? ('const' in schema ? [schema.const] : undefined);
  if (values) return values.map(literal).join(' | ');
  if (schema.anyOf) return schema.anyOf.map((one) => schemaType(one, indent, nameOf)).join(' | ');
  if (schema.type === 'array') return `ReadonlyArray<${schemaType(schema.items ?? {}, indent, nameOf)}>`;
  if (schema.type === 'object') return nameOf(schema) ?? objectType(schema, indent, nameOf);
  return scalars[schema.type ?? ''] ?? 'unknown';
}

/** The type of an object, written out. */
export function objectType(schema: JsonSchema, indent: string, nameOf: NameOf): string {
  const members = Object.entries(schema.properties ?? {});
  if (members.length === 0) {
    return `Readonly<Record<string, ${schemaType(schema.additionalProperties ?? {}, indent, nameOf)}>>`;
  }
  const required = new Set(schema.required);
  const inner = `${indent}  `;
  const lines = members.map(([name, member]) => {
    const mark = required.has(name) ? '' : '?';
    return `${comment(member.description, inner)}${inner}${memberName(name)}${mark}: ${schemaType(member, inner, nameOf)};\n`;
  });
  return `{\n${lines.join('')}${indent}}`;
}
