// Base64 (RFC 4648 4) without anything of Node: this package also runs in a browser.

const chunk = 24_573;

/** In chunks of whole triples, so that a large value neither overflows the stack nor doubles in memory. */
export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += chunk) {
    text += btoa(Reflect.apply(String.fromCharCode, undefined, bytes.subarray(at, at + chunk)));
  }
  return text;
}
