// UIDs under 1.2.840.10008 (PS3.6 A): the rest, keyword, name.
// Written by scripts/generate/generate.ts: do not edit.
export declare const uidTable: string;
