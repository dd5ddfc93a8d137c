// Storage SOP classes (PS3.4 B.5, incl. retired, draft, DICONDE, DICOS): UID under 1.2.840.10008, keyword, modality.
// Written by scripts/generate/generate.ts: do not edit.
export declare const storageClassTable: string;
