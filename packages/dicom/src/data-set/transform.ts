// Data sets changed element by element, at any depth. What is not changed keeps its bytes; a data set without a change is the same one.
import { BuiltContents, type BuiltElement } from './built-contents.ts';
import { adopt, buildElement, type ElementInit } from './create-data-set.ts';
import { DataSet } from './data-set.ts';
import type { Element } from './element.ts';

/** An item on the way down to an element. */
export interface ItemPlace {
  /** Of the sequence. */
  readonly tag: number;
  readonly item: number;
}

export interface Transformation {
  /** What becomes of an element. Of a sequence that is kept, the items are gone through. */
  change(element: Element, places: readonly ItemPlace[], dataSet: DataSet): 'keep' | 'remove' | ElementInit;
  /** Elements that are added to an item, or take the place of what is left of their tags. */
  add?(places: readonly ItemPlace[], dataSet: DataSet): readonly ElementInit[];
}

interface Transformed {
  readonly elements: readonly BuiltElement[];
  readonly isChanged: boolean;
}

function transformSequence(
  element: Element,
  items: readonly DataSet[],
  places: readonly ItemPlace[],
  transformation: Transformation,
): BuiltElement | undefined {
  const transformed = items.map((item, index) =>
    transformElements(item, [...places, { tag: element.tag, item: index }], transformation),
  );
  if (!transformed.some(({ isChanged }) => isChanged)) return undefined;
  const bind = (parent: DataSet): readonly DataSet[] =>
    transformed.map(({ elements }) => new DataSet(new BuiltContents(elements), parent));
  return { tag: element.tag, vr: 'SQ', bytes: new Uint8Array(0), items: bind, fragments: undefined };
}

function transformElements(
  dataSet: DataSet,
  places: readonly ItemPlace[],
  transformation: Transformation,
): Transformed {
  const build = (init: ElementInit): BuiltElement =>
    buildElement(init, { entries: [init], codec: () => dataSet.codec, depth: places.length });
  const elements = new Map<number, BuiltElement>();
  let isChanged = false;
  for (const element of dataSet.elements()) {
    const change = transformation.change(element, places, dataSet);
    if (change === 'remove') {
      isChanged = true;
      continue;
    }
    const { items } = element;
    const below = change === 'keep' && items ? transformSequence(element, items, places, transformation) : undefined;
    if (below || change !== 'keep') isChanged = true;
    elements.set(element.tag, below ?? (change === 'keep' ? adopt(element) : build(change)));
  }
  for (const init of transformation.add?.(places, dataSet) ?? []) {
    elements.set(init.tag, build(init));
    isChanged = true;
  }
  return { elements: [...elements.values()].sort((a, b) => a.tag - b.tag), isChanged };
}

/** @throws DicomError as `createDataSet` */
export function transformDataSet(dataSet: DataSet, transformation: Transformation): DataSet {
  const { elements, isChanged } = transformElements(dataSet, [], transformation);
  return isChanged ? new DataSet(new BuiltContents(elements), dataSet.fallbackCharset) : dataSet;
}
