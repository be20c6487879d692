// Writes what a release consists of: a CycloneDX and an SPDX document of the package and of everything that is installed with it.
// Run with `npm run sbom`, or `node scripts/sbom.mjs FOLDER`. It reads the lock file: what is listed is what was tested.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const root = join(import.meta.dirname, '..')
const read = (name) => JSON.parse(readFileSync(join(root, name), 'utf8'))
const folder = resolve(process.argv[2] ?? 'release')
const { name, version } = read('package.json')

const temporary = mkdtempSync(join(tmpdir(), 'hma-sbom-'))
try {
  // npm names the document after the folder.
  const bare = join(temporary, name)
  withoutDevelopment(bare)
  mkdirSync(folder, { recursive: true })
  for (const [format, ending] of Object.entries({ cyclonedx: 'cdx.json', spdx: 'spdx.json' })) {
    const path = join(folder, `${name}-${version}.${ending}`)
    writeFileSync(path, bill(format, bare))
    process.stdout.write(`${path}\n`)
  }
} finally {
  rmSync(temporary, { recursive: true })
}

/** The package without what is there for development. `npm sbom --omit dev` would leave out what both need, too. */
function withoutDevelopment(bare) {
  const lock = read('package-lock.json')
  const kept = Object.entries(lock.packages).filter(([, { dev, devOptional }]) => !dev && !devOptional)
  const strip = ({ devDependencies: _, ...rest }) => rest
  mkdirSync(bare)
  const write = (file, content) => writeFileSync(join(bare, file), JSON.stringify(content))
  write('package.json', strip(read('package.json')))
  write('package-lock.json', { ...lock, packages: Object.fromEntries(kept.map(([path, about]) => [path, strip(about)])) })
}

/** The document as npm makes it. */
function bill(format, cwd) {
  const line = `npm sbom --package-lock-only --sbom-type application --sbom-format ${format}`
  const { status, stdout, stderr } = spawnSync(line, { cwd, shell: true, encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return `${JSON.stringify(JSON.parse(stdout), undefined, 2)}\n`
}
