// Attributes of repeating groups, x for any digit: `tag VR R|- VM`, keyword, name, further VRs (PS3.6 6-9).
// Written by scripts/generate/generate.ts: do not edit.
export declare const repeatingAttributeTable: string;
