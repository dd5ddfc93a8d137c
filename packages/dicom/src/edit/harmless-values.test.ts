// What takes the place of identifying values.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cleanedDescription, earlierDates } from './harmless-values.ts';

test('dates go back by whole days, over months and leap years, and keep their time', () => {
  assert.equal(earlierDates('20240301', 1), '20240229');
  assert.equal(earlierDates('2023.03.01', 1), '20230228');
  assert.equal(earlierDates('20240101\\20240102', 366), '20221231\\20230101');
  assert.equal(earlierDates('20240301101112.5+0100', 1), '20240229101112.5+0100');
  assert.equal(earlierDates('', 5), '');
});

test('what is no whole date is not moved', () => {
  for (const text of ['2024', '20241301', 'yesterday', '00000000', '20240301 SMITH', '20240301-20250301'])
    assert.equal(earlierDates(text, 1), undefined);
});

test('the days between two dates stay the same', () => {
  const time = (date: string): number => Date.parse(date.replace(/(....)(..)(..)/, '$1-$2-$3'));
  const anyDate = fc
    .date({ min: new Date('1900-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10).replaceAll('-', ''));
  fc.assert(
    fc.property(anyDate, anyDate, fc.integer({ min: 1, max: 3652 }), (first, second, days) => {
      const [before, after] = [earlierDates(first, days), earlierDates(second, days)];
      assert.equal(time(after ?? '') - time(before ?? ''), time(second) - time(first));
    }),
  );
});

test('of a description only terms of imaging and measures are left, and no word of a name', () => {
  const nobody = new Set<string>();
  assert.equal(cleanedDescription('T2 AX FLAIR 5mm for Smith, born 19600101 Dr_Jones', nobody), 'T2 AX FLAIR 5mm');
  assert.equal(cleanedDescription('CT Chest w/o contrast, room 1234567', nobody), 'CT Chest without contrast');
  assert.equal(cleanedDescription('Axial head of Head', new Set(['head'])), 'Axial');
  assert.equal(cleanedDescription('山田', nobody), '');
  assert.equal(cleanedDescription('CT 12/03/60 MRN 123-456-789, room 7', nobody), 'CT');
});

test('a long text without a word is cleaned as fast as any other', () => {
  const nobody = new Set<string>();
  assert.equal(cleanedDescription(`a${'.'.repeat(10_000)}a`, nobody), '');
  assert.equal(cleanedDescription('.'.repeat(1_000_000), nobody), '');
});
