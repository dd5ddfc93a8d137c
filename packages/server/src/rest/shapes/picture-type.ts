// Which kind of picture a client wants, by its Accept header (RFC 9110 12.5.1).

export type PictureType = 'image/png' | 'image/jpeg' | 'image/x-portable-arbitrarymap' | 'image/webp';

interface Wanted {
  readonly type: string;
  readonly weight: number;
}

/** What `*` stands for comes first; WebP has to be named. */
const types: readonly PictureType[] = ['image/png', 'image/jpeg', 'image/x-portable-arbitrarymap'];
const named: readonly PictureType[] = [...types, 'image/webp'];
const mostWanted = 32;

function wantedOf(piece: string): Wanted {
  const [type = '', ...parameters] = piece.split(';').map((part) => part.trim().toLowerCase());
  const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
  const weight = quality === undefined ? 1 : Number(quality);
  return { type, weight: Number.isFinite(weight) ? weight : 0 };
}

function matching(type: string): PictureType | undefined {
  if (type === '*/*' || type === 'image/*' || type === '*') return types[0];
  return named.find((name) => name === type);
}

/** undefined: none that there is. */
export function pictureTypeOf(accept: string | undefined): PictureType | undefined {
  if (accept === undefined || accept.trim() === '') return types[0];
  let best: { readonly type: PictureType; readonly weight: number } | undefined;
  for (const { type, weight } of accept.split(',', mostWanted).map(wantedOf)) {
    const match = matching(type);
    if (match && weight > (best?.weight ?? 0)) best = { type: match, weight };
  }
  return best?.type;
}
