// Writes the program's bill of materials: the content of the bundle in CycloneDX and SPDX, with hashes from the lock file.
//   npm run sbom                                   both, in release
//   node scripts/sbom.mjs FOLDER                   both, somewhere else
//   node scripts/sbom.mjs --cyclonedx FILE         only the one that the package contains
// The same sources give the same documents: the only time in them is SOURCE_DATE_EPOCH, and nothing is random.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { bundle, root } from './bundle.mjs'

const read = (name) => JSON.parse(readFileSync(join(root, name), 'utf8'))
const { version } = read('package.json')
const temporary = mkdtempSync(join(tmpdir(), 'hma-sbom-'))
try {
  // npm names the document after the folder.
  const bare = join(temporary, 'hma')
  onlyBundled(bare, await bundle())
  for (const [format, file] of asked(process.argv.slice(2))) {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, bill(format, bare))
    process.stdout.write(`${file}\n`)
  }
} finally {
  rmSync(temporary, { recursive: true })
}

function asked([first = 'release', second]) {
  if (first === '--cyclonedx') return [['cyclonedx', resolve(second)]]
  const path = (ending) => resolve(first, `hma-${version}.${ending}`)
  return [
    ['cyclonedx', path('cdx.json')],
    ['spdx', path('spdx.json')],
  ]
}

function nameOf(path) {
  return path.replace(/^.*node_modules\//, '')
}

/** The package as if exactly its bundled packages were installed with it. */
function onlyBundled(folder, bundled) {
  const lock = read('package-lock.json')
  const names = new Set(bundled.map(nameOf))
  const among = (dependencies = {}) => Object.fromEntries(Object.entries(dependencies).filter(([name]) => names.has(name)))
  const { devDependencies, workspaces: _, ...about } = read('package.json')
  const locked = bundled.map((path) => {
    const { name, version: exact, resolved, integrity, license, ...needs } = lock.packages[path]
    const dependencies = among({ ...needs.dependencies, ...needs.optionalDependencies, ...needs.peerDependencies })
    return [path, { name, version: exact, resolved, integrity, license, dependencies }]
  })
  // Some are not declared anywhere: a package tries to load them and uses them if present.
  const named = new Set(locked.flatMap(([, { dependencies }]) => Object.keys(dependencies)))
  const others = locked.map(([path, { version: exact }]) => [nameOf(path), exact]).filter(([name]) => !named.has(name))
  const whole = { ...about, dependencies: { ...Object.fromEntries(others), ...among(devDependencies) } }
  mkdirSync(folder)
  const write = (file, content) => writeFileSync(join(folder, file), JSON.stringify(content))
  write('package.json', whole)
  write('package-lock.json', { ...lock, name: whole.name, packages: Object.fromEntries([['', whole], ...locked]) })
}

/** npm's document without what differs from run to run. */
function bill(format, cwd) {
  const line = `npm sbom --package-lock-only --sbom-type application --sbom-format ${format}`
  const { status, stdout, stderr } = spawnSync(line, { cwd, shell: true, encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return `${JSON.stringify(repeatable(JSON.parse(stdout)), undefined, 2)}\n`
}

function repeatable({ serialNumber: _, ...document }) {
  delete document.metadata?.timestamp
  if (document.creationInfo) {
    document.creationInfo.created = `${new Date(Number(process.env.SOURCE_DATE_EPOCH ?? 0) * 1000).toISOString().slice(0, 19)}Z`
    const content = createHash('sha256').update(JSON.stringify(document.packages)).digest('hex')
    document.documentNamespace = `http://spdx.org/spdxdocs/hma-${version}-${content}`
  }
  return document
}
