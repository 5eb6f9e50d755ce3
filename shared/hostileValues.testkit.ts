/** Texts that become markup, code, a path, a command, another key or noise where they are taken for more than text. */
export const hostileTexts: readonly string[] = [
  '',
  ' ',
  '.',
  '..',
  '../../../../etc/passwd',
  '..\\..\\..\\windows\\system32',
  '%2e%2e%2f%2e%2e%2fetc%2fpasswd',
  '/etc/passwd',
  '/dev/zero',
  '/proc/self/environ',
  'C:\\Windows\\System32\\cmd.exe',
  '\\\\evil.example\\share\\x',
  'file:///etc/passwd',
  'http://127.0.0.1:1/',
  'javascript:globalThis.hacked=1',
  'data:text/html,<script>globalThis.hacked=1</script>',
  'rundesk://w/all/runs/..%2f..%2fx',
  'rundesk-app://app/index.html',
  '<script>globalThis.hacked=1</script>',
  '<img src=x onerror="globalThis.hacked=1">',
  '"><svg onload=globalThis.hacked=1>',
  '{{steps.x.output}}',
  '${globalThis.hacked=1}',
  '$(touch hacked)',
  '`touch hacked`',
  "'; touch hacked; '",
  '| touch hacked',
  '-rf',
  '--help',
  'with\0nul',
  '\0',
  '\u001b]0;hacked\u0007\u001b[2J\u001b[31m',
  '\u009b31m',
  '\u202egnp.exe',
  '\ud800',
  '\ufeff',
  'line\nline\r\nline',
  '__proto__',
  'constructor',
  'prototype',
  'hasOwnProperty',
  'toString',
  'null',
  'undefined',
  'NaN',
  '-1',
  '9007199254740993',
  '1e999',
  'all',
  '(a+)+$',
  '[',
  '*',
  'x'.repeat(63),
  'x'.repeat(64),
  'x'.repeat(65),
  'x'.repeat(1025),
  'x'.repeat(4097),
]

const circular: { self?: unknown } = {}
circular.self = circular

const odd: readonly unknown[] = [
  undefined,
  null,
  true,
  false,
  0,
  -0,
  -1,
  1.5,
  2 ** 31,
  2 ** 53,
  -(2 ** 63),
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.MAX_VALUE,
  Number.MIN_VALUE,
  12n,
  '',
  [],
  [[]],
  [null],
  {},
  { toString: 'x' },
  Object.fromEntries([['then', 'x']]),
  { length: 2 ** 31 },
  { toJSON: 'x', valueOf: 1 },
  new Date(Number.NaN),
  new Date(0),
  /(a+)+$/,
  new Map([['workspaceId', 'x']]),
  new Set(['x']),
  new Uint8Array(16),
  new ArrayBuffer(8),
  new Error('hostile'),
  circular,
  new Array(1000),
]

/** A value of a type that hardly anybody asks for. Some of them cannot be told in JSON. */
export function unfitting(random: () => number): unknown {
  return odd[Math.floor(random() * odd.length)]
}

/** The value with keys of its own that objects inherit: an attempt to change all objects of who merges it. */
export function withPrototypeKeys(value: unknown, text: string): unknown {
  const poison = { hacked: text, isAdmin: true, toString: text }
  const own = { enumerable: true, configurable: true, writable: true }
  const made = typeof value === 'object' && value !== null ? { ...value } : {}
  Object.defineProperty(made, '__proto__', { ...own, value: poison })
  Object.defineProperty(made, 'constructor', { ...own, value: { prototype: poison } })
  Object.defineProperty(made, 'hasOwnProperty', { ...own, value: text })
  return made
}
