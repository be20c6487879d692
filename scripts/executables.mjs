// Makes executables that need no Node.js: runtimes from npm with the program inside, by Node's single-executable feature
// (https://nodejs.org/api/single-executable-applications.html).
//   npm run executables                                        all of them, in release, with SHA256SUMS.executables
//   node scripts/executables.mjs FOLDER linux-x64              only these, somewhere else
// A runtime is downloaded by name and version, and refused unless its hash is the one in executables/runtimes.json.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { bundle, root } from './bundle.mjs'

const runtimes = JSON.parse(readFileSync(join(root, 'scripts', 'executables', 'runtimes.json'), 'utf8'))
const [folder = 'release', ...chosen] = process.argv.slice(2)
const targets = chosen.length > 0 ? chosen : Object.keys(runtimes)
const here = `${{ darwin: 'macos', win32: 'win' }[process.platform] ?? process.platform}-${process.arch}`
for (const target of [here, ...targets]) if (!runtimes[target]) throw new Error(`There is no runtime for ${target}.`)

const temporary = mkdtempSync(join(tmpdir(), 'hma-executables-'))
try {
  mkdirSync(resolve(folder), { recursive: true })
  const assets = await modules()
  const builder = runtime(here)
  const sums = targets.map((target) => {
    const name = `hma-${target}${target.startsWith('win-') ? '.exe' : ''}`
    const output = resolve(folder, name)
    build(builder, {
      assets,
      executable: target === here ? builder : runtime(target),
      output,
    })
    process.stdout.write(`${output}\n`)
    return `${createHash('sha256').update(readFileSync(output)).digest('hex')}  ${name}\n`
  })
  writeFileSync(resolve(folder, 'SHA256SUMS.executables'), sums.join(''))
} finally {
  rmSync(temporary, { recursive: true, force: true })
}

/** The program in as many modules as the package has, so that a command loads only what it needs. */
async function modules() {
  const dir = join(temporary, 'program')
  await bundle({ dir })
  const names = readdirSync(dir).sort()
  return Object.fromEntries(names.map((name) => [name, join(dir, name)]))
}

/** The path of a runtime's binary, out of the package that it comes in. */
function runtime(target) {
  const { package: name, binary, integrity } = runtimes[target]
  const into = join(temporary, target)
  mkdirSync(into)
  // npm is a script on Windows, which only a shell runs.
  execFileSync('npm', ['pack', name, '--pack-destination', into, '--silent'], {
    shell: process.platform === 'win32',
    stdio: 'pipe',
  })
  const [file] = readdirSync(into)
  const content = readFileSync(join(into, file))
  const found = `sha512-${createHash('sha512').update(content).digest('base64')}`
  if (found !== integrity) throw new Error(`${name} has the hash ${found}, not ${integrity}.`)
  execFileSync('tar', ['-xzf', file], { cwd: into })
  return join(into, 'package', binary)
}

function build(builder, { assets, executable, output }) {
  // The path of the main script becomes part of the executable, so it is the same wherever this runs.
  copyFileSync(join(root, 'scripts', 'executables', 'main.cjs'), join(temporary, 'hma.cjs'))
  const config = join(temporary, 'sea.json')
  writeFileSync(config, JSON.stringify({ main: 'hma.cjs', assets, executable, output, disableExperimentalSEAWarning: true }))
  execFileSync(builder, ['--build-sea', config], { cwd: temporary, stdio: ['ignore', 'pipe', 'inherit'] })
}
