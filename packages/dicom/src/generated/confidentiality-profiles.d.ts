// Confidentiality profiles (PS3.15 E.1): tag or range of tags, actions in the editions 2008, 2017c, 2021b, 2023b.
// Written by scripts/generate/generate.ts: do not edit.
export declare const confidentialityTable: string;
