// Names for the shapes that an OpenAPI document repeats, so that the types made from it say each of them once.
import type { JsonSchema, NameOf } from './schema-type.ts';

/** Shapes shorter than this, as JSON, are written where they are used. */
const shortest = 120;

export interface PlacedSchema {
  /** Name for what is found first at this place. */
  readonly place: string;
  readonly schema: JsonSchema;
}

function* objectsIn(schema: JsonSchema): Generator<JsonSchema> {
  if (Object.keys(schema.properties ?? {}).length > 0) yield schema;
  const below = [
    ...(schema.anyOf ?? []),
    ...Object.values(schema.properties ?? {}),
    ...(schema.items ? [schema.items] : []),
    ...(schema.additionalProperties ? [schema.additionalProperties] : []),
  ];
  for (const one of below) yield* objectsIn(one);
}

export interface ShapeNames {
  readonly nameOf: NameOf;
  /** Every named shape, in the order of the document. */
  readonly shapes: readonly (readonly [name: string, schema: JsonSchema])[];
}

/** Names every object with members that is used more than once, by the place where it comes first. */
export function nameShapes(places: readonly PlacedSchema[]): ShapeNames {
  const uses = new Map<string, { readonly place: string; readonly schema: JsonSchema; count: number }>();
  for (const { place, schema } of places) {
    for (const found of objectsIn(schema)) {
      const key = JSON.stringify(found);
      const use = uses.get(key) ?? { place, schema: found, count: 0 };
      use.count += 1;
      uses.set(key, use);
    }
  }
  const names = new Map<string, string>();
  const shapes: (readonly [string, JsonSchema])[] = [];
  for (const [key, { place, schema, count }] of uses) {
    if (count < 2 || key.length < shortest) continue;
    const taken = shapes.filter(([name]) => name.replace(/\d+$/, '') === place).length;
    const name = taken === 0 ? place : `${place}${taken + 1}`;
    names.set(key, name);
    shapes.push([name, schema]);
  }
  return { nameOf: (schema) => names.get(JSON.stringify(schema)), shapes };
}
