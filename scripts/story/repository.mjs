// A git repository with pull requests, as a team uses it: branches, merges, and the action at each.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { makeGithub, runAction } from './runner.mjs'

export function makeRepository(program) {
  const folder = mkdtempSync(join(tmpdir(), 'hma-story-'))
  const directory = join(folder, 'mail')
  mkdirSync(directory)
  const github = makeGithub(folder)
  const git = (...args) =>
    execFileSync('git', ['-C', directory, ...identity, ...args], { encoding: 'utf8', stdio: 'pipe' }).trim()
  git('init', '--quiet', '--initial-branch=main')
  const act = (command, more = {}) => {
    const { event, sha = git('rev-parse', 'HEAD'), ...inputs } = more
    return runAction({
      inputs: { command, path: program, sandbox: 'true', config: 'deployments', ...inputs },
      directory,
      github,
      event,
      sha,
    })
  }
  const write = (name, text) => {
    const file = join(directory, name)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
  const commit = (message) => {
    git('add', '--all')
    git('commit', '--quiet', '--message', message)
  }
  return { directory, github, write, commit, act, remove: github.remove, ...pullRequests({ git, github, act }) }
}

/** The story runs without a git identity. */
const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@contoso.com', '-c', 'commit.gpgsign=false']

function pullRequests({ git, github, act }) {
  return {
    /** Makes a branch, commits what `change` does there, and runs the checks of its pull request. */
    async open(number, message, change) {
      git('switch', '--quiet', '--create', `change-${number}`)
      change()
      git('add', '--all')
      git('commit', '--quiet', '--message', message)
      const head = git('rev-parse', 'HEAD')
      const event = { pull_request: { number, head: { sha: head }, base: { ref: 'main' } } }
      const validated = await act('validate', { event })
      const planned = await act('plan', { event })
      const comment = github.read().comments.find((one) => one.number === number)?.body ?? ''
      return { number, head, validated, planned, comment }
    },
    /** Merges it and runs the workflow of `main`. */
    merge({ number, head }) {
      git('switch', '--quiet', 'main')
      git('merge', '--quiet', '--no-ff', '--message', `Merge pull request #${number}`, `change-${number}`)
      const sha = git('rev-parse', 'HEAD')
      github.change(({ pulls }) => {
        const merged_at = new Date().toISOString()
        const base = { ref: 'main', repo: { full_name: 'contoso/mail' } }
        pulls.push({ number, head: { sha: head }, base, merged_at, merge_commit_sha: sha, commits: [head, sha] })
      })
      return act('apply', { reviewed: 'true', sha })
    },
  }
}
