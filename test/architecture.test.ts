import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative, sep } from 'node:path'
import { describe, expect, test } from 'vitest'

/** Checks the rules of docs/architecture.md against the source. */
const root = join(import.meta.dirname, '..')

const sourcesIn = (folder: string) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => ({ path: path.split(sep).join('/'), text: readFileSync(join(root, folder, path), 'utf8') }))

const files = sourcesIn('src')
const sandboxFiles = sourcesIn('packages/sandbox/src')

const code = (text: string): string => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')

/** A file's imports of our own modules, as paths below src, static and dynamic, and whether for types only. */
function imports({ path, text }: { path: string; text: string }): { to: string; typeOnly: boolean }[] {
  const found = [...code(text).matchAll(/(?:import|export)\s+(type\s)?[^'"]*?from\s+'([^']+)'|import\('([^']+)'\)/g)]
  return found.flatMap(([, type, still, lazy]) => {
    const target = still ?? lazy ?? ''
    if (target === 'hma-sandbox') return [{ to: target, typeOnly: type !== undefined }]
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

/** Which folder may import which. `types` may be imported as types only. */
const allowed: Record<string, { all: readonly string[]; types?: readonly string[] }> = {
  cli: { all: ['commands', 'startup', 'version'] },
  startup: { all: ['startup'] },
  version: { all: [] },
  commands: { all: ['commands', 'core', 'config', 'deployment', 'files', 'rehearsal', 'views', 'version'], types: ['session'] },
  session: {
    all: [
      'session',
      'config',
      'deployment',
      'azure',
      'resources',
      'proof',
      'discovery',
      'rehearsal',
      'views',
      'files',
      'startup',
      'core',
      'version',
      'hma-sandbox',
    ],
  },
  config: { all: ['config', 'core', 'files', 'certificates'], types: ['discovery'] },
  certificates: { all: ['certificates', 'core'] },
  deployment: { all: ['deployment', 'config', 'certificates', 'files', 'core'], types: ['resources', 'proof'] },
  observations: { all: ['observations', 'core'], types: ['azure'] },
  resources: { all: ['resources', 'observations', 'certificates', 'core'], types: ['azure'] },
  proof: { all: ['proof', 'certificates', 'core'], types: ['azure'] },
  rehearsal: { all: ['rehearsal', 'core'], types: ['hma-sandbox'] },
  discovery: { all: ['discovery', 'observations', 'certificates', 'core'], types: ['azure'] },
  azure: { all: ['azure', 'core'] },
  views: { all: ['views', 'files', 'core'], types: ['rehearsal'] },
  files: { all: ['files'] },
  core: { all: ['core'] },
}

/** Exceptions, each with its reason. */
const exceptions = new Set([
  'cli.ts → session/session.ts', // loaded lazily and handed to the commands: it composes
  'commands/init/proposals.ts → azure/cloud.ts', // the vault address of each cloud has one home
  'deployment/desired.ts → resources/mark.ts', // the names that hma gives to what it makes
  'discovery/describe/name.ts → resources/mark.ts', // marks are written and read in one place
  'deployment/subject.ts → resources/mark.ts', // the same names, to find the profile by
  'deployment/exchangeScripts.ts → proof/exchangeBuilds.ts', // the builds of Exchange have one home
  'deployment/exchangeScripts.ts → resources/mailboxScope/script.ts', // as have the names of scope and assignment
  'discovery/describe.ts → config/write/entry.ts', // `init` and `import` write the same entries
  'discovery/describe/certificate.ts → config/write/entry.ts',
  'discovery/describe/registrations.ts → config/write/entry.ts',
  'discovery/describe/rest.ts → config/write/entry.ts',
  'proof/profileInDynamics.ts → resources/ownProfile.ts', // which profile is ours is decided in one place
  'proof/vaultRead.ts → azure/errors/azureError.ts', // a refusal is recognized by its class
  'certificates/importFile.ts → config/read/bytes.ts', // files are read in one place
  'certificates/signedFile.ts → config/read/bytes.ts',
])

const rulesOf = (sources: typeof files) => sources.flatMap((file) => imports(file).map((one) => ({ ...one, from: file.path })))
const rules = rulesOf(files)
const permitted = ({ from, to, typeOnly }: (typeof rules)[number]): boolean => {
  const rule = allowed[room(from)]
  if (to === 'azure/wellKnown.ts') return !['core', 'views'].includes(room(from)) // plain facts, which everything that uses Azure may import
  return (rule?.all.includes(room(to)) || (typeOnly && rule?.types?.includes(room(to)))) ?? false
}

test('every folder imports only what it may', () => {
  const wrong = rules.filter((rule) => !permitted(rule) && !exceptions.has(`${rule.from} → ${rule.to}`))
  expect(wrong.map(({ from, to }) => `${from} → ${to}`)).toEqual([])
})

/** The files on a cycle of imports. */
function cycles(sources: typeof files): string[] {
  const imported = new Map(sources.map((file) => [file.path, imports(file)]))
  const reaches = (from: string, seen: Set<string>): Set<string> => {
    for (const { to } of imported.get(from) ?? []) {
      if (seen.has(to)) continue
      seen.add(to)
      reaches(to, seen)
    }
    return seen
  }
  return sources.map(({ path }) => path).filter((path) => reaches(path, new Set()).has(path))
}

test('there are no import cycles, not even of types', () => {
  expect(cycles(files)).toEqual([])
  expect(cycles(sandboxFiles)).toEqual([])
})

/** The folders with their imports of values, as the picture of docs/architecture.md: lighter arrows are of types only. */
function picture(): string {
  const drawn = rules.filter(({ from, to }) => room(from) !== room(to) && !['version', 'hma-sandbox'].includes(room(to)))
  const arrows = new Map<string, '-->' | '-.->'>()
  for (const { from, to, typeOnly } of drawn) {
    const pair = `${room(from)} ${room(to)}`
    if (!typeOnly || !arrows.has(pair)) arrows.set(pair, typeOnly ? '-.->' : '-->')
  }
  const lines = [...arrows].map(([pair, arrow]) => `  ${pair.replace(' ', ` ${arrow} `)}`).sort()
  return ['```mermaid', 'flowchart TD', ...lines, '  session --> sandbox[[packages/sandbox]]', '```'].join('\n')
}

test('docs/architecture.md shows the imports as they are (npm run architecture)', async () => {
  const page = join(root, 'docs', 'architecture.md')
  const marked = /(<!-- imports -->\n)[\s\S]*?(<!-- \/imports -->)/
  const text = readFileSync(page, 'utf8').replace(
    marked,
    (_all, before: string, after: string) => `${before}${picture()}\n${after}`,
  )
  expect(text).toContain(picture())
  await expect(text).toMatchFileSnapshot(page)
})

test('every folder has a rule, and every exception is used', () => {
  expect([...new Set(files.map(({ path }) => room(path)))].sort()).toEqual(Object.keys(allowed).sort())
  const used = new Set(rules.filter((rule) => !permitted(rule)).map(({ from, to }) => `${from} → ${to}`))
  expect([...exceptions].filter((exception) => !used.has(exception))).toEqual([])
})

test('the sandbox imports nothing of hma', () => {
  const outward = rulesOf(sandboxFiles).filter(({ to }) => to.startsWith('..'))
  expect(sandboxFiles.length).toBeGreaterThan(100)
  expect(outward).toEqual([])
})

test('a folder contains at most twenty-two files', () => {
  const folders = [...files, ...sandboxFiles.map(({ path }) => ({ path: `sandbox/${path}` }))].map(({ path }) => dirname(path))
  expect([...new Set(folders)].filter((folder) => folders.filter((one) => one === folder).length > 22)).toEqual([])
})

test('azure imports from core only errors, secrets, masking and time', () => {
  const known = rules.filter(({ from, to }) => room(from) === 'azure' && room(to) === 'core').map(({ to }) => to)
  const plain = ['deadline', 'errorCodes', 'errors', 'limits', 'masking', 'secret', 'time'].map((name) => `core/${name}.ts`)
  expect([...new Set(known)].filter((path) => !plain.includes(path))).toEqual([])
})

test('a kind never imports another kind', () => {
  const kinds = files.filter(({ path, text }) => path.startsWith('resources/') && /\): Kind</.test(text)).map(({ path }) => path)
  expect(kinds.length).toBeGreaterThanOrEqual(10)
  expect(rules.filter(({ from, to }) => kinds.includes(from) && kinds.includes(to))).toEqual([])
})

describe('one place each', () => {
  const places: [string, RegExp, (path: string) => boolean][] = [
    ['process.exit', /process\.exit\b/, (path) => path === 'cli.ts'],
    ['process.env', /process\.env\b/, (path) => path === 'session/session.ts' || path === 'startup/compileCache.ts'],
    ['the clock', /new Date\(\)|Date\.now\(/, (path) => path === 'session/session.ts'],
    [
      'HTTP',
      /(?<![.\w])fetch\(|from '(undici|node:https?)'/,
      (path) => /^azure\/http\/(exchange|connect\/(connections|tunnel|connector))\.ts$/.test(path),
    ],
    ['stdout', /process\.std(out|err)|console\./, (path) => path === 'cli.ts'],
    [
      'timers',
      /setTimeout|setInterval/,
      (path) =>
        /^azure\/http\/(attempt|timer|connect\/(tunnel|connector))\.ts$/.test(path) ||
        // The last way out.
        path === 'cli.ts' ||
        path === 'views/progress/progress.ts',
    ],
    [
      "a secret's value",
      /\.reveal\(\)/,
      (path) => path.startsWith('azure/') || ['certificates/importFile.ts', 'core/secret.ts', 'proof/keyPair.ts'].includes(path),
    ],
    ['a secret for a person', /\.disclose\(\)/, (path) => path === 'commands/output.ts'],
    ['a stream', /\b(stdout|stderr|stream)\.write\(/, (path) => path === 'cli.ts' || path === 'views/terminal/terminal.ts'],
    // Everything sent for a deployment passes `confined`, which knows where its secrets may go.
    [
      'a transport',
      /\b(createTransport|transportOfFleet)\(/,
      (path) => /^azure\/http\/(transport|fleet)\.ts$|^session\/connections\.ts$/.test(path),
    ],
    [
      'the words of a mark',
      /hma-deployment|hma-organization|hma-made|Managed by hma, deployment|`hma:\$\{|'hma:'/,
      (path) => path === 'resources/mark.ts' || path === 'resources/exchangeScript/template.ts',
    ],
    ['retry', /from 'p-retry'|import\('p-retry'\)/, (path) => path.startsWith('azure/')],
  ]
  test.each(places)('%s', (_name, pattern, isPlace) => {
    const places = files.filter(({ text }) => pattern.test(code(text))).map(({ path }) => path)
    expect(places.filter((path) => !isPlace(path))).toEqual([])
  })
})

test('a file has at most 250 lines, and the core 1,500 in total', () => {
  const lengths = (sources: typeof files) => sources.map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
  const long = lengths(files)
  expect(lengths(sandboxFiles).filter(({ lines }) => lines > 250)).toEqual([])
  expect(long.filter(({ lines }) => lines > 250)).toEqual([])
  expect(long.filter(({ path }) => path.startsWith('core/')).reduce((sum, { lines }) => sum + lines, 0)).toBeLessThanOrEqual(1500)
})

test('no name uses a word that says nothing', () => {
  const paths = /(^|\/)(manager|service|helpers?|utils?|handlers?|base)(\.ts|\/)/
  const names = /\b(class|interface|function|const) \w*((?<!Resource|resource)Manager|Service|Helper|Utils|Handler)\b/
  const named = [...files, ...sandboxFiles].filter(({ path, text }) => paths.test(path) || names.test(code(text)))
  expect(named.map(({ path }) => path)).toEqual([])
})

const withoutStrings = (text: string): string => text.replace(/'[^'\n]*'/g, "''")

test('no `any`, no silenced compiler', () => {
  const silenced = /\bas any\b|: any[;,)\]|]|<any>|@ts-ignore|@ts-expect-error|@ts-nocheck|\bas unknown as\b/
  expect(
    [...files, ...sandboxFiles]
      .filter(({ text }) => silenced.test(withoutStrings(code(text))) || /@ts-/.test(text))
      .map(({ path }) => path),
  ).toEqual([])
})
