// Vendors' private attributes: `=creator`, then `group[-group] element VR VM name` (two digits: within the block).
// Written by scripts/generate/generate.ts: do not edit.
export declare const privateAttributeTable: string;
