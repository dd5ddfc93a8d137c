// An image as samples of one kind, by pixel: what frames become before they are shown.

export type Samples = Uint8Array | Uint16Array | Int16Array | Uint32Array;

interface Sized {
  readonly width: number;
  readonly height: number;
}

export interface Picture8 extends Sized {
  readonly kind: 'grey8' | 'rgb8';
  readonly samples: Uint8Array;
}

export type Picture =
  | Picture8
  | (Sized & { readonly kind: 'grey16' | 'rgb16'; readonly samples: Uint16Array })
  | (Sized & { readonly kind: 'signed16'; readonly samples: Int16Array })
  | (Sized & { readonly kind: 'grey32'; readonly samples: Uint32Array });

export function isColour({ kind }: Picture): boolean {
  return kind === 'rgb8' || kind === 'rgb16';
}

/** Red, green and blue; grey. */
export function samplesPerPixel(picture: Picture): 1 | 3 {
  return isColour(picture) ? 3 : 1;
}
