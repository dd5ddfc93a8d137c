// What is asked of a picture: which view of the samples, in which kind of file.
import {
  type Clamped,
  clamped,
  fittedSize,
  type Picture,
  type Presentation,
  preview,
  resized,
  type Size,
  windowed,
} from '../pixels/index.ts';

export type View =
  | { readonly kind: 'preview' }
  | { readonly kind: Clamped }
  | {
      readonly kind: 'rendered';
      /** In the place of those of the data set. */
      readonly center?: number;
      readonly width?: number;
      /** 0: as the other side makes it, or as it is. */
      readonly size: Size;
      readonly isSmooth: boolean;
    };

export interface Shown {
  readonly view: View;
  readonly presentation: Presentation;
  /** MONOCHROME1: small values are bright. */
  readonly isInverted: boolean;
}

/** @throws CodecError Unsupported, OverBudget, Damaged */
export function viewOf(picture: Picture, { view, presentation, isInverted }: Shown): Picture {
  if (view.kind === 'preview') return preview(picture, isInverted);
  if (view.kind !== 'rendered') return clamped(picture, view.kind);
  const { window } = presentation;
  const asked = { center: view.center ?? window.center, width: view.width ?? window.width };
  const size = fittedSize(picture, view.size);
  return resized(windowed(picture, { ...presentation, window: asked }, isInverted), size, view.isSmooth);
}
