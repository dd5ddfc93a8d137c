// Text in XML 1.0 (2.2, 2.4): escaped, without the characters that XML cannot hold even escaped.

const special = /[&<>"\r]/g;
const references: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
};

/** For the content of elements and of attributes in double quotes. */
export function escapeXml(text: string): string {
  const kept = isPlain(text) ? text : Array.from(text).filter(isAllowed).join('');
  return kept.replace(special, (letter) => references[letter] ?? '');
}

/** No control characters, surrogates or non-characters: nearly every text. */
function isPlain(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit < 0x20 || unit >= 0xd800) return false;
  }
  return true;
}

function isAllowed(letter: string): boolean {
  const codePoint = letter.codePointAt(0) ?? 0;
  if (codePoint < 0x20) return codePoint === 9 || codePoint === 10 || codePoint === 13;
  return !(codePoint >= 0xd800 && codePoint <= 0xdfff) && codePoint !== 0xfffe && codePoint !== 0xffff;
}
