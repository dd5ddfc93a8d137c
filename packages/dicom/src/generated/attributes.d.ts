// Attributes by tag: `tag VR R|- VM`, keyword, name (if not the spaced keyword), further VRs (PS3.6 6-9).
// Written by scripts/generate/generate.ts: do not edit.
export declare const attributeTable: string;
