import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative, sep } from 'node:path'
import { describe, expect, test } from 'vitest'

/** The rules of docs/architecture.md, read from the source. */
const root = join(import.meta.dirname, '..')
const paths = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
const files = paths
  .filter((path) => path.endsWith('.ts'))
  .map((path) => ({ path: path.split(sep).join('/'), text: readFileSync(join(root, 'src', path), 'utf8') }))

const code = (text: string): string => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')

/** What a file imports of ours, as paths below src; whether only for its types; static and dynamic imports alike. */
function imports({ path, text }: { path: string; text: string }): { to: string; typeOnly: boolean }[] {
  const found = [...code(text).matchAll(/(?:import|export)\s+(type\s)?[^'"]*?from\s+'([^']+)'|import\('([^']+)'\)/g)]
  return found.flatMap(([, type, still, lazy]) => {
    const target = still ?? lazy ?? ''
    if (!target.startsWith('.')) return []
    return [
      {
        to: relative('.', normalize(join(dirname(path), target)))
          .split(sep)
          .join('/'),
        typeOnly: type !== undefined,
      },
    ]
  })
}

const room = (path: string): string => (path.includes('/') ? (path.split('/')[0] ?? '') : path.replace(/\.ts$/, ''))

/** Who may know whom. `types` may be imported as types only. */
const allowed: Record<string, { all: readonly string[]; types?: readonly string[] }> = {
  cli: { all: ['commands'], types: [] },
  commands: { all: ['commands', 'core', 'config', 'views'], types: ['session', 'target', 'exploring'] },
  session: { all: ['config', 'azure', 'views', 'core', 'sandbox', 'sandboxed', 'connected', 'target', 'exploring'] },
  target: { all: ['config', 'resources', 'proof', 'azure', 'core', 'connected'], types: ['views'] },
  exploring: { all: ['config', 'azure', 'discovery', 'connected'] },
  connected: { all: ['azure'], types: ['config'] },
  sandboxed: { all: ['config', 'azure', 'core', 'sandbox', 'connected'] },
  config: { all: ['config', 'core'], types: ['resources', 'proof', 'discovery'] },
  resources: { all: ['resources', 'core'], types: ['azure'] },
  proof: { all: ['proof', 'core'], types: ['azure'] },
  discovery: { all: ['discovery', 'core'], types: ['azure'] },
  azure: { all: ['azure', 'core'] },
  views: { all: ['views', 'core'] },
  sandbox: { all: ['sandbox'] },
  core: { all: ['core'] },
}

/** Exceptions, each with its reason. */
const exceptions = new Set([
  'cli.ts → session.ts', // loaded lazily, handed to the commands: it composes
  'commands/initProposals.ts → azure/cloud.ts', // the addresses of vaults in each cloud stand in one place
  'config/starter.ts → discovery/entry.ts', // what `init` and `import` write is made of the same entries
  'config/desired.ts → resources/mark.ts', // the names of hma's own GUIDs
  'config/subject.ts → resources/mark.ts', // the same names, to find the profile by
  'config/desiredCertificate.ts → resources/x509.ts', // the fingerprint by which the kinds know a key
  'proof/chain.ts → azure/azureError.ts', // a refusal is known by its class
  'proof/vaultRead.ts → azure/azureError.ts',
  'proof/keyPair.ts → config/pem.ts', // the formats of certificates are read in one place
  'proof/keyPair.ts → config/pkcs12.ts',
  'views/human.ts → config/diagnostic.ts', // diagnostics are rendered where they are made
])

const rules = files.flatMap((file) => imports(file).map((one) => ({ ...one, from: file.path })))

test('every room knows only those that it may know', () => {
  const wrong = rules.filter(({ from, to, typeOnly }) => {
    const rule = allowed[room(from)]
    const fine = rule?.all.includes(room(to)) || (typeOnly && rule?.types?.includes(room(to)))
    return !fine && !exceptions.has(`${from} → ${to}`)
  })
  expect(wrong.map(({ from, to }) => `${from} → ${to}`)).toEqual([])
})

test('azure knows nothing of core but errors and secrets', () => {
  const known = rules.filter(({ from, to }) => room(from) === 'azure' && room(to) === 'core').map(({ to }) => to)
  expect([...new Set(known)].sort()).toEqual(['core/errors.ts', 'core/secret.ts'])
})

test('a kind never knows another kind', () => {
  const kinds = files.filter(({ path, text }) => path.startsWith('resources/') && /\): Kind</.test(text)).map(({ path }) => path)
  expect(kinds.length).toBeGreaterThanOrEqual(10)
  expect(rules.filter(({ from, to }) => kinds.includes(from) && kinds.includes(to))).toEqual([])
})

describe('one place each', () => {
  const places: [string, RegExp, (path: string) => boolean][] = [
    ['process.exit', /process\.exit\b/, (path) => path === 'cli.ts'],
    ['process.env', /process\.env\b/, (path) => path === 'session.ts'],
    ['the clock', /new Date\(\)|Date\.now\(/, (path) => path === 'session.ts' || path === 'sandbox/clock.ts'],
    ['HTTP', /(?<![.\w])fetch\(|from 'undici'/, (path) => /^azure\/transport\w*\.ts$/.test(path)],
    ['stdout', /process\.std(out|err)|console\./, (path) => path === 'cli.ts'],
    [
      'timers',
      /setTimeout|setInterval/,
      (path) => /^azure\/transport\w*\.ts$/.test(path) || path === 'session.ts' || path === 'views/progress.ts',
    ],
    [
      "a secret's value",
      /\.reveal\(\)/,
      (path) =>
        path.startsWith('azure/') ||
        ['commands/output.ts', 'config/importFile.ts', 'core/secret.ts', 'proof/keyPair.ts'].includes(path),
    ],
    ['retry', /from 'p-retry'|import\('p-retry'\)/, (path) => path.startsWith('azure/')],
  ]
  test.each(places)('%s', (_name, pattern, isPlace) => {
    const places = files.filter(({ text }) => pattern.test(code(text))).map(({ path }) => path)
    expect(places.filter((path) => !isPlace(path))).toEqual([])
  })
})

test('a file has 250 lines at the most, and the core 950 in all', () => {
  const long = files.map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
  expect(long.filter(({ lines }) => lines > 250)).toEqual([])
  expect(long.filter(({ path }) => path.startsWith('core/')).reduce((sum, { lines }) => sum + lines, 0)).toBeLessThanOrEqual(950)
})

test('nothing is named after what it does not say', () => {
  const paths = /(^|\/)(manager|service|helpers?|utils?|handlers?|base)(\.ts|\/)/
  const names = /\b(class|interface|function|const) \w*((?<!Resource|resource)Manager|Service|Helper|Utils|Handler)\b/
  const named = files.filter(({ path, text }) => paths.test(path) || names.test(code(text)))
  expect(named.map(({ path }) => path)).toEqual([])
})

test('no `any`, no silenced compiler', () => {
  const silenced = /\bas any\b|: any[;,)\]|]|<any>|@ts-ignore|@ts-expect-error|@ts-nocheck|\bas unknown as\b/
  expect(files.filter(({ text }) => silenced.test(code(text)) || /@ts-/.test(text)).map(({ path }) => path)).toEqual([])
})
