// Text in XML 1.0 (2.2, 2.4): escaped, without the characters that XML cannot hold even escaped.

const special = /[&<>"\r]/g;
const references: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
};

export function escapeXml(text: string): string {
  let kept = '';
  for (const letter of text) if (isAllowed(letter.codePointAt(0) ?? 0)) kept += letter;
  return kept.replace(special, (letter) => references[letter] ?? '');
}

function isAllowed(codePoint: number): boolean {
  if (codePoint < 0x20) return codePoint === 9 || codePoint === 10 || codePoint === 13;
  return !(codePoint >= 0xd800 && codePoint <= 0xdfff) && codePoint !== 0xfffe && codePoint !== 0xffff;
}
