// Answers among few connections go out at once, among many a few at a time.
import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { createAnswerGate } from './answer-gate.ts';

function open(connections: number) {
  let time = 0;
  const gate = createAnswerGate(true, () => time);
  const sockets = Array.from({ length: connections }, () => new EventEmitter());
  for (const socket of sockets) gate.opened(socket);
  const sent: string[] = [];
  return {
    gate,
    sockets,
    sent,
    pass: (name: string) => gate.pass(() => void sent.push(name)),
    wait(milliseconds: number) {
      time += milliseconds;
    },
  };
}

test('with three connections each answer goes out at once', () => {
  const { gate, sent, pass } = open(3);
  pass('a');
  assert.deepEqual(sent, ['a']);
  assert.equal(gate.sendsHeadFirst, false);
});

test('with four, answers go out when four are there', () => {
  const { gate, sent, pass } = open(4);
  for (const name of ['a', 'b', 'c']) pass(name);
  assert.deepEqual(sent, []);
  pass('d');
  assert.deepEqual(sent, ['a', 'b', 'c', 'd']);
  assert.equal(gate.sendsHeadFirst, true);
});

test('what is held goes out at the end of the turn, once', async () => {
  const { sent, pass } = open(4);
  pass('a');
  pass('b');
  await setImmediate();
  await setImmediate();
  assert.deepEqual(sent, ['a', 'b']);
});

test('what is held does not wait for a request that writes, nor for reads that take long', () => {
  const { gate, sent, pass, wait } = open(5);
  pass('a');
  gate.began(true);
  assert.deepEqual(sent, []);
  gate.began(false);
  assert.deepEqual(sent, ['a']);
  pass('b');
  wait(1);
  gate.began(true);
  assert.deepEqual(sent, ['a', 'b']);
  pass('c');
  wait(1);
  pass('d');
  assert.deepEqual(sent, ['a', 'b', 'c', 'd']);
});

test('connections that were closed do not count', () => {
  const { sockets, sent, pass } = open(5);
  for (const socket of sockets.slice(3)) socket.emit('close');
  pass('a');
  assert.deepEqual(sent, ['a']);
});

test('without TcpNoDelay no head goes out on its own', () => {
  const gate = createAnswerGate(false);
  for (let n = 0; n < 5; n++) gate.opened(new EventEmitter());
  assert.equal(gate.sendsHeadFirst, false);
});
