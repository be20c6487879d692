// Tags a release: the tag's commit has the sources plus the build that the GitHub Action runs. Branches never contain the build.
//   npm run tag
// docs/adr/0009-the-action-runs-its-commit.md says why. The release workflow builds again, and refuses a tag whose build differs.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

/** Runs a git command and returns its output. It has an index of its own, so the work tree and its branch stay as they are. */
function git(args, env = {}) {
  const { status, stdout, stderr } = spawnSync('git', args, { cwd: root, encoding: 'utf8', env: { ...process.env, ...env } })
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`)
  return stdout.trim()
}

if (git(['status', '--porcelain']) !== '') {
  process.stderr.write('There are changes that are not committed. Commit them first: a release is built from a commit.\n')
  process.exit(1)
}
const built = spawnSync(process.execPath, [join(root, 'scripts', 'build.mjs')], { stdio: 'inherit' })
if (built.status !== 0) process.exit(1)

const temporary = mkdtempSync(join(tmpdir(), 'hma-tag-'))
try {
  const index = { GIT_INDEX_FILE: join(temporary, 'index') }
  git(['read-tree', 'HEAD'], index)
  git(['add', '--force', '--all', 'dist'], index)
  const tree = git(['write-tree'], index)
  const commit = git(['commit-tree', tree, '-p', 'HEAD', '-m', `hma ${version}, with its build`])
  git(['tag', `v${version}`, commit])
  process.stdout.write(`v${version} is ${commit}. To release it: git push origin v${version}\n`)
} finally {
  rmSync(temporary, { recursive: true })
}
