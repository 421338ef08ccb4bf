import { ProtocolError } from '@retinabench/core';
import { describe, expect, test } from 'vitest';
import { parseQueueAddress } from '../../src/address/queue-address.js';

describe('parseQueueAddress', () => {
  test('reads host, port, user, password and database, and shows neither user nor password', () => {
    const address = parseQueueAddress('rediss://bench:p%40ss%3Aword@queue.example/2');
    expect(address).toMatchObject({
      kind: 'redis',
      host: 'queue.example',
      port: 6379,
      username: 'bench',
      password: 'p@ss:word',
      database: '2',
      tls: true,
      shown: 'rediss://queue.example:6379/2',
    });
  });

  test('takes PostgreSQL by either scheme, and an IPv6 address without its brackets', () => {
    expect(parseQueueAddress('postgres://u:p@[::1]:7000/bench')).toMatchObject({ kind: 'postgresql', host: '::1' });
    expect(parseQueueAddress('postgresql://h/bench')).toMatchObject({ port: 5432, database: 'bench' });
  });

  test('removes the password from texts in every form in which it may stand there', () => {
    const { redact } = parseQueueAddress('redis://u:p%40"ss@h');
    expect(redact('auth p@"ss failed for redis://u:p%40%22ss@h')).toBe('auth *** failed for redis://u:***@h');
    expect(redact('as JSON {"password":"p@\\"ss"}')).toBe('as JSON {"password":"***"}');
    const { redact: redactParameter } = parseQueueAddress('postgres://h/d?password=geheim&sslmode=require');
    expect(redactParameter('no geheim here')).toBe('no *** here');
  });

  test.each([
    '',
    'localhost:6379',
    'http://u:geheim@h',
    'redis://u:geheim@',
    'redis://h/geheim',
    'redis://u:ge%heim@h',
  ])('refuses %j without repeating a password', (text) => {
    expect(() => parseQueueAddress(text)).toThrow(ProtocolError);
    try {
      parseQueueAddress(text);
    } catch (error) {
      if (!text.includes('h/geheim')) expect((error as Error).message).not.toContain('geheim');
    }
  });
});
