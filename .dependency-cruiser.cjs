/** Who may import whom. The table is the design: a new folder gets a row here before it gets a file. */
const only = (name, from, allowed) => ({
  name,
  severity: 'error',
  from: { path: `^src/${from}` },
  to: { path: '^src/', pathNot: [`^src/${from}`, ...allowed.map((to) => `^src/${to}`)] },
})

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'shared-stands-alone',
      severity: 'error',
      comment:
        'shared/ runs in browser, worker and Node: nothing but the validator, hashing, canonical JSON and ids',
      from: { path: '^src/shared' },
      to: { pathNot: ['^src/shared', 'node_modules/(valibot|@noble/hashes|canonicalize|uuidv7)'] },
    },
    only('ui-knows-shared-only', 'client/ui', ['shared']),
    only('storage-knows-shared-only', 'client/storage', ['shared']),
    only('sync-knows-storage', 'client/sync', ['shared', 'client/storage']),
    only('remote-knows-shared-only', 'client/remote', ['shared']),
    only('pwa-knows-ui-only', 'client/pwa', ['client/ui', 'shared']),
    {
      name: 'slices-never-meet',
      severity: 'error',
      comment:
        'a feature uses shared, storage, remote, ui and the delivery state; never another feature, transport or protocol',
      from: { path: '^src/client/features/([^/]+)/' },
      to: {
        path: '^src/',
        pathNot: [
          '^src/client/features/$1/',
          '^src/shared/(?!sync/protocol)',
          '^src/client/(storage|remote|ui)/',
          '^src/client/sync/delivery-state\\.ts$',
        ],
      },
    },
    only('store-knows-shared-only', 'server/store', ['shared']),
    {
      name: 'server-knows-the-store-interface',
      severity: 'error',
      from: { path: '^src/server/(routes|auth|office|commands|journal|notify|import)/' },
      to: {
        path: '^src/server/store/',
        pathNot: ['^src/server/store/record-store\\.ts$', '^src/server/store/blob-store\\.ts$'],
      },
    },
    {
      name: 'client-and-server-never-meet',
      severity: 'error',
      from: { path: '^src/client' },
      to: { path: '^src/server' },
    },
    {
      name: 'server-and-client-never-meet',
      severity: 'error',
      from: { path: '^src/server' },
      to: { path: '^src/client' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.client.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.vue', '.js', '.mjs', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
}
