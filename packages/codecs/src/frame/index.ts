// Frames, what is asked of codecs, and what there is of them.
export * from './codec.ts';
export * from './frame.ts';
export * from './frame-format.ts';
export {
  abilityOf,
  type CodecFamily,
  isNativeSyntax,
  lossyMethodOf,
  privateElscint,
  type SyntaxAbility,
} from './syntaxes.ts';
