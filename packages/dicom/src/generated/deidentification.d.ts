// De-identification (PS3.15 E.1): tag or range of tags, action of the basic profile, options that let the value be.
// Written by scripts/generate/generate.ts: do not edit.
export declare const deidentificationTable: string;
