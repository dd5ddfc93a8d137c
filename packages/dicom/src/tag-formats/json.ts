// Values of JSON (RFC 8259), as JSON.stringify takes them.
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
