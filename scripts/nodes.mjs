// Runs hma on each supported Node.js, from binaries on npm:
//   npm run test:nodes                    the quick tests and the main job of the README on 22, 24 and 26
//   npm run test:nodes -- --main-job      only the main job, with the build in dist
//   npm run test:nodes -- 26              only that one
// The Node.js that runs this is tested by `npm test`.
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'

const root = join(import.meta.dirname, '..')
const platform = { darwin: 'darwin', win32: 'win' }[process.platform] ?? process.platform
const args = process.argv.slice(2)
const versions = args.filter((one) => /^\d+/.test(one))
const onlyMainJob = args.includes('--main-job')
const scratch = mkdtempSync(join(tmpdir(), 'hma-nodes-'))
const failed = []
try {
  if (!onlyMainJob) execFileSync(process.execPath, [join(root, 'scripts', 'build.mjs')], { stdio: 'inherit' })
  for (const version of versions.length > 0 ? versions : ['22', '24', '26']) {
    const node = installed(version)
    process.stdout.write(`\nNode.js ${execFileSync(node, ['--version'], { encoding: 'utf8' })}`)
    if (!mainJob(node, join(scratch, `job-${version}`))) failed.push(`the main job on ${version}`)
    if (!onlyMainJob && !quickTests(node)) failed.push(`the tests on ${version}`)
  }
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
process.stdout.write(failed.length > 0 ? `\nFailed: ${failed.join(', ')}\n` : '\nAll of them work.\n')
process.exitCode = failed.length > 0 ? 1 : 0

/** None of them is a dependency, since every `npm ci` would then download a binary. */
function installed(version) {
  const name = `node-${platform}-${process.arch}`
  const prefix = join(scratch, version)
  const line = ['install', '--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--prefix', prefix, `${name}@${version}`]
  execFileSync('npm', line, { stdio: ['ignore', 'ignore', 'inherit'], shell: process.platform === 'win32' })
  return join(prefix, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
}

/** An apply, an empty plan and a working sign-in, without warnings from Node.js. */
function mainJob(node, folder) {
  cpSync(join(root, 'hma.config.yaml'), join(folder, 'hma.config.yaml'))
  const jobs = [
    [['apply', '--sandbox', '--yes'], 'Applied: 11 done.'],
    [['plan', '--sandbox', '--detailed-exitcode'], 'No changes.'],
    [['verify', '--sandbox'], 'sign-in works'],
  ]
  return jobs.every(([line, expected]) => {
    const { status, stdout, stderr } = spawnSync(node, [join(root, 'dist', 'cli.js'), ...line], { cwd: folder, encoding: 'utf8' })
    const works = status === 0 && stdout.includes(expected) && !/\(node:\d+\)/.test(stderr)
    process.stdout.write(`${works ? '✓' : '✗'} hma ${line.join(' ')}\n${works ? '' : `${stdout}${stderr}`}`)
    return works
  })
}

/** With this Node.js first on the path, because the tests start other programs. */
function quickTests(node) {
  const env = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH}` }
  return (
    spawnSync(node, [join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run'], { cwd: root, env, stdio: 'inherit' }).status ===
    0
  )
}
