// The three component groups of a person name (PS3.5 6.2.1.2): alphabetic, ideographic, phonetic.

export const nameGroups = ['Alphabetic', 'Ideographic', 'Phonetic'] as const;

/** Component groups that are not empty, as `[group, text]`. */
export function componentGroups(name: string): (readonly [(typeof nameGroups)[number], string])[] {
  const groups = name.split('=');
  return nameGroups.flatMap((group, index) => {
    const text = groups[index] ?? '';
    return text === '' ? [] : [[group, text] as const];
  });
}
