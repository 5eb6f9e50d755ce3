import { expect, test } from 'vitest'
import { appliedCounts } from './practiceFiles'
import { ask, base, ended, error, hash, identity, said, started, time, write } from './practiceServer.testkit'

test.each<[string, Parameters<typeof ask>[1], string, Parameters<typeof ask>[3], number, object]>([
  ['an unknown token', 'GET', 'fs/tree', { token: 'other' }, 401, error('unauthorized', 'invalid jwt format')],
  [
    'no correlation id',
    'GET',
    'fs/tree',
    { headers: { 'X-Correlation-Id': '' } },
    400,
    { ...error('bad_request', 'missing X-Correlation-Id header'), correlationId: '' },
  ],
  ['another workspace', 'GET', '/v1/workspaces/other/fs/tree', {}, 403, error('forbidden', 'workspace mismatch')],
  ['an unknown route', 'GET', 'fs/nothing', {}, 404, error('not_found', 'route not found')],
  ['an unknown file', 'GET', 'fs/file?path=%2Fnowhere', {}, 404, error('not_found', 'not found')],
  ['no path', 'PUT', 'fs/file', { body: { content: 'x' } }, 400, error('bad_request', 'missing path query')],
  ['a body that is no JSON', 'PUT', 'fs/file?path=%2Fx', { body: '{' }, 400, error('bad_request', 'invalid json body')],
  [
    'no If-Match',
    'PUT',
    'fs/file?path=%2Fx',
    { body: { content: 'x' } },
    412,
    error('precondition_failed', 'missing If-Match header'),
  ],
  [
    'an old revision',
    'PUT',
    'fs/file?path=%2Fdocs%2Fa.md',
    { body: { content: 'x' }, headers: { 'If-Match': 'rev_0' } },
    409,
    error('revision_conflict', 'revision conflict', {
      expectedRevision: 'rev_0',
      currentRevision: 'rev_1',
      currentContentPreview: 'one\n',
    }),
  ],
  [
    'the revision of a file that is not there',
    'PUT',
    'fs/file?path=%2Fx',
    { body: { content: 'x' }, headers: { 'If-Match': 'rev_1' } },
    404,
    error('not_found', 'not found'),
  ],
  ['a bulk write of nothing', 'POST', 'fs/bulk', { body: { files: [] } }, 400, error('bad_request', 'missing files')],
  [
    'more than a mebibyte',
    'POST',
    'fs/bulk',
    write({ content: 'x'.repeat(1024 * 1024) }),
    413,
    error('payload_too_large', 'request body exceeds 1048576 bytes'),
  ],
  ['a replay of an unknown operation', 'POST', 'ops/op_9/replay', { body: {} }, 404, error('not_found', 'not found')],
])('%s is refused', async (_what, method, route, options, status, body) => {
  expect(await said(ask(await started(), method, route, options))).toEqual([status, body])
})

test('a token without the scope of a call is refused', async () => {
  const server = await started({ scopes: ['fs:read', 'fs:write', 'ops:read', 'sync:trigger'] })
  expect(await said(ask(server, 'POST', 'ops/op_1/replay', { body: {} }))).toEqual([
    403,
    error('forbidden', 'missing required scope: ops:replay'),
  ])
})

test('the token of one workspace opens no other', async () => {
  const server = await started({ others: [{ token: 'second', workspaceId: 'ws_second' }] })
  server.workspace('ws_second').put('/docs/theirs.md', { content: 'theirs' })
  const asked = async (token: string, workspace: string): Promise<number> =>
    (await ask(server, 'GET', `/v1/workspaces/${workspace}/fs/file?path=%2Fdocs%2Ftheirs.md`, { token })).status
  expect([
    await asked('second', 'ws_second'),
    await asked('second', 'ws_test'),
    await asked(base.token, 'ws_second'),
  ]).toEqual([200, 403, 403])
})

test('a file is given with its hash and revision', async () => {
  const { body, response } = await ask(await started(), 'GET', 'fs/file?path=%2Fdocs%2Fa.md')
  expect([response.headers.get('etag'), body]).toEqual([
    'rev_1',
    {
      path: '/docs/a.md',
      revision: 'rev_1',
      contentHash: hash('one\n'),
      contentType: 'text/markdown',
      content: 'one\n',
      provider: 'docs',
      lastEditedAt: time,
      semantics: {},
    },
  ])
})

test('a tree lists all levels down to its depth, and nothing of an empty workspace', async () => {
  const server = await started({ seedFiles: { '/a/b/c/deep.md': 'x', '/top.md': 'y' } })
  const { body } = await ask(server, 'GET', 'fs/tree?depth=3&path=%2F')
  const empty = await ask(await started({ seedFiles: {} }), 'GET', 'fs/tree?depth=3&path=%2F')
  expect([
    body.entries.map((entry: { path: string; type: string }) => `${entry.type} ${entry.path}`),
    empty.body,
  ]).toEqual([['dir /a', 'dir /a/b', 'dir /a/b/c', 'file /top.md'], { path: '/', entries: [], nextCursor: null }])
})

test('a tree of more than a thousand entries comes in pages', async () => {
  const seedFiles = Object.fromEntries(Array.from({ length: 1150 }, (_, index) => [`/docs/f${index + 1000}.md`, 'x']))
  const server = await started({ seedFiles })
  const first = await ask(server, 'GET', 'fs/tree?depth=3&path=%2F')
  const cursor = encodeURIComponent(first.body.nextCursor)
  const second = await ask(server, 'GET', `fs/tree?cursor=${cursor}&depth=3&path=%2F`)
  expect([
    first.body.entries.length,
    second.body.entries.length,
    second.body.nextCursor,
    second.body.totalFiles,
  ]).toEqual([1000, 151, null, 1150])
})

test('a bulk read answers each path in its place', async () => {
  const { body } = await ask(await started(), 'POST', 'fs/bulk-read', { body: { paths: ['/gone', '/docs/a.md'] } })
  expect(
    body.files.map((file: { path: string; content?: string; error?: object }) => file.error ?? file.content),
  ).toEqual([{ status: 404, code: 'not_found', message: 'not found' }, 'one\n'])
})

test('an export gives every file below a path', async () => {
  const server = await started({ seedFiles: { '/docs/b.md': 'b', '/docs/a.md': 'a', '/notes/c.md': 'c' } })
  const { body } = await ask(server, 'GET', 'fs/export?format=json&path=%2Fdocs')
  expect(body.map((file: { path: string }) => file.path)).toEqual(['/docs/a.md', '/docs/b.md'])
})

test('events follow a cursor, and the newest is told first when asked so', async () => {
  const server = await started()
  await ask(server, 'POST', 'fs/bulk', write())
  await ask(server, 'DELETE', 'fs/file?path=%2Fdocs%2Fa.md', { headers: { 'If-Match': 'rev_2' } })
  const newest = await ask(server, 'GET', 'fs/events?direction=desc&limit=1')
  const after = await ask(server, 'GET', 'fs/events?cursor=evt_1&limit=1')
  const common = { path: '/docs/a.md', origin: 'agent_write', provider: 'docs', correlationId: 'c', timestamp: time }
  expect([newest.body, after.body]).toEqual([
    { events: [{ eventId: 'evt_3', type: 'file.deleted', revision: 'rev_3', ...common }], nextCursor: null },
    {
      events: [{ eventId: 'evt_2', type: 'file.updated', revision: 'rev_2', contentHash: hash('two\n'), ...common }],
      nextCursor: 'evt_2',
    },
  ])
})

test('a bulk write tells of each file what became of it', async () => {
  const server = await started()
  const files = [
    { path: '/docs/a.md', content: 'x', ifMatch: 'rev_9' },
    { path: '/docs/bad.bin' },
    { path: '/docs/ok.md', content: 'ok', contentType: 'text/markdown', ifMatch: '0', contentIdentity: identity },
  ]
  expect(await said(ask(server, 'POST', 'fs/bulk', { body: { files } }))).toEqual([
    202,
    {
      correlationId: 'c',
      errorCount: 2,
      errors: [
        {
          path: '/docs/a.md',
          code: 'conflict',
          message: 'expected revision "rev_9" but current revision is "rev_1"',
          expectedRevision: 'rev_9',
          currentRevision: 'rev_1',
        },
        { path: '/docs/bad.bin', code: 'invalid_content', message: 'invalid input' },
      ],
      results: [
        {
          path: '/docs/ok.md',
          revision: 'rev_2',
          contentType: 'text/markdown',
          opId: 'op_1',
          contentIdentity: identity,
          writeback: { provider: 'docs', state: 'pending' },
        },
      ],
      written: 1,
    },
  ])
})

test('the same identity gives the earlier operation, also when that is dead, and writes nothing', async () => {
  const server = await started()
  const mine = write({ contentIdentity: identity })
  await ask(server, 'POST', 'fs/bulk', mine)
  await ask(server, 'POST', 'writeback/op_1/ack', { body: { success: false, error: 'provider said no' } })
  const { body } = await ask(server, 'POST', 'fs/bulk', mine)
  expect([
    body.written,
    body.results[0].opId,
    body.results[0].writeback.state,
    server.files.writes.map((one) => one.outcome),
  ]).toEqual([0, 'op_1', 'dead_lettered', ['applied', 'repeated']])
})

test('an identity is forgotten when its time is over', async () => {
  const server = await started()
  const brief = write({ contentIdentity: { ...identity, ttlSeconds: 0 } })
  await ask(server, 'POST', 'fs/bulk', brief)
  await ask(server, 'POST', 'fs/bulk', brief)
  expect([...appliedCounts(server.files.writes)]).toEqual([['mount-command mountcmd_1', 2]])
})

test('an operation moves on by being looked at, until it has succeeded', async () => {
  const server = await started()
  await ask(server, 'POST', 'fs/bulk', write({ contentIdentity: identity }))
  expect(await ended(server, 'op_1')).toEqual({
    opId: 'op_1',
    path: '/docs/a.md',
    revision: 'rev_2',
    action: 'file_upsert',
    provider: 'docs',
    status: 'succeeded',
    attemptCount: 0,
    providerResult: { providerRevision: 'rev_2' },
    contentIdentity: identity,
    createdAt: time,
    updatedAt: time,
    completedAt: time,
  })
})

test('what was rejected after acceptance is told by operation and provider, and revived by a replay only', async () => {
  const server = await started()
  const fault = server.faults.set({ on: ['op'], effect: { kind: 'reject', message: 'provider said no' } })
  await ask(server, 'POST', 'fs/bulk', write())
  const dead = await ended(server, 'op_1')
  const status = await ask(server, 'GET', 'sync/status')
  server.faults.clear(fault)
  const replayed = await said(ask(server, 'POST', 'ops/op_1/replay', { body: {} }))
  const alive = await ended(server, 'op_1')
  const again = await said(ask(server, 'POST', 'ops/op_1/replay', { body: {} }))
  expect([dead, status.body.providers, replayed, alive, again]).toEqual([
    expect.objectContaining({ status: 'dead_lettered', lastError: 'provider said no' }),
    [
      {
        provider: 'docs',
        status: 'error',
        lastError: 'provider said no',
        failureCodes: { unknown: 1 },
        deadLetteredOps: 1,
      },
    ],
    [202, { status: 'queued', id: 'op_1', correlationId: 'c' }],
    expect.not.objectContaining({ lastError: expect.anything() }),
    [409, error('invalid_state', 'invalid state')],
  ])
})

test('operations are listed newest first, by status, in pages', async () => {
  const server = await started()
  for (const path of ['/docs/1', '/docs/2', '/docs/3']) await ask(server, 'POST', 'fs/bulk', write({ path }))
  await ask(server, 'POST', 'writeback/op_2/ack', { body: { success: false } })
  const ids = (answer: { body: { items: { opId: string }[]; nextCursor: string | null } }) => [
    answer.body.items.map(({ opId }) => opId),
    answer.body.nextCursor,
  ]
  expect([
    ids(await ask(server, 'GET', 'ops?limit=2')),
    ids(await ask(server, 'GET', 'ops?cursor=op_2&limit=2')),
    ids(await ask(server, 'GET', 'ops?status=dead_lettered')),
    ids(await ask(server, 'GET', 'ops?status=unheard-of')),
  ]).toEqual([
    [['op_3', 'op_2'], 'op_2'],
    [['op_1'], null],
    [['op_2'], null],
    [[], null],
  ])
})

test.each([
  ['other lines', 'one\ntwo\nthree mine\n', [200, 'ONE\ntwo\nthree mine\n']],
  ['the same line', 'mine\ntwo\nthree\n', [409, 'ONE\ntwo\nthree\n']],
])('a merge of two that changed %s ends as it must', async (_what, content, wanted) => {
  const server = await started({ seedFiles: { '/docs/a.md': 'one\ntwo\nthree\n' } })
  server.files.put('/docs/a.md', { content: 'ONE\ntwo\nthree\n' })
  const { status } = await ask(server, 'POST', 'fs/merge?path=%2Fdocs%2Fa.md', {
    body: {
      strategy: 'three-way-lines-v1',
      baseRevision: 'rev_1',
      baseContent: 'one\ntwo\nthree\n',
      content,
      contentType: 'text/markdown',
    },
  })
  expect([status, server.files.files.get('/docs/a.md')?.content]).toEqual(wanted)
})

test('a merge that clashes names the lines', async () => {
  const server = await started({ seedFiles: { '/docs/a.md': 'base\n' } })
  server.files.put('/docs/a.md', { content: 'theirs\n' })
  const body = { strategy: 'three-way-lines-v1', baseRevision: 'rev_1', baseContent: 'base\n', content: 'mine\n' }
  expect(await said(ask(server, 'POST', 'fs/merge?path=%2Fdocs%2Fa.md', { body }))).toEqual([
    409,
    error('merge_conflict', 'merge conflict: 1 unit(s) concurrently changed', {
      conflicts: [
        { unit: 'base lines 1-1', reason: 'concurrently changed', base: 'base\n', mine: 'mine\n', theirs: 'theirs\n' },
      ],
      currentRevision: 'rev_2',
    }),
  ])
})

test('health tells the features', async () => {
  const plain = await ask(await started(), 'GET', '/health')
  const able = await ask(await started({ features: ['symlink-v1'] }), 'GET', '/health')
  expect([plain.body, able.body]).toEqual([{ status: 'ok' }, { status: 'ok', features: ['symlink-v1'] }])
})

test('the list of requests names what was asked, and no token', async () => {
  const server = await started()
  await ask(server, 'GET', `fs/file?path=%2Fdocs%2Fa.md&token=${base.token}`)
  expect([server.requests()[0], JSON.stringify(server.requests()).includes(base.token)]).toEqual([
    { at: time, method: 'GET', path: '/v1/workspaces/ws_test/fs/file /docs/a.md', status: 200 },
    false,
  ])
})
