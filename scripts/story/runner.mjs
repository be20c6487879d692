// A GitHub runner, as far as action.yml needs one: its inputs, its one bash step, and the files that the step writes.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { parse } from 'yaml'

const root = join(import.meta.dirname, '..', '..')

export async function runAction({ inputs, directory, event = {}, sha = '', github, env = {} }) {
  const temporary = mkdtempSync(join(github.folder, 'run-'))
  const files = { output: join(temporary, 'output'), summary: join(temporary, 'summary'), event: join(temporary, 'event.json') }
  for (const file of [files.output, files.summary]) writeFileSync(file, '')
  writeFileSync(files.event, JSON.stringify(event))
  const { inputs: known, runs } = parse(readFileSync(join(root, 'action.yml'), 'utf8'))
  const given = Object.fromEntries(Object.entries(known).map(([name, about]) => [name, inputs[name] ?? about.default ?? '']))
  const [step] = runs.steps
  const ended = await bash(step.run, {
    cwd: join(directory, evaluated(step['working-directory'], given)),
    env: {
      ...Object.fromEntries(Object.entries(step.env).map(([name, text]) => [name, evaluated(text, given)])),
      ...{ PATH: `${github.bin}${delimiter}${process.env.PATH}`, HOME: temporary, LANG: 'C.UTF-8', HMA_GITHUB: github.file },
      ...{ GITHUB_ACTIONS: 'true', GITHUB_ACTION_PATH: root, GITHUB_REPOSITORY: 'contoso/mail', GITHUB_SHA: sha },
      ...{ GITHUB_REF_NAME: 'main', GITHUB_WORKFLOW_REF: 'contoso/mail/.github/workflows/mail.yml@refs/heads/main' },
      ...{ GITHUB_EVENT_PATH: files.event, GITHUB_OUTPUT: files.output, GITHUB_STEP_SUMMARY: files.summary },
      RUNNER_TEMP: temporary,
      ...env,
    },
  })
  const summary = readFileSync(files.summary, 'utf8')
  const outputs = outputsIn(readFileSync(files.output, 'utf8'))
  if (outputs.artifact) github.change((state) => void kept(state, event.pull_request, outputs.artifact))
  return { ...ended, summary, outputs }
}

/** What actions/upload-artifact does, and what GitHub reports about the run. */
export function kept(state, pull, artifact, about = {}) {
  const repository = { full_name: 'contoso/mail' }
  const id = state.runs.length + 1
  const run = { id, run_number: id, event: 'pull_request', path: '.github/workflows/mail.yml', head_sha: pull.head.sha }
  const artifacts = [{ name: artifact, expired: false, created_at: new Date().toISOString() }]
  state.runs.push({ ...run, repository, head_repository: repository, artifacts, ...about })
}

/** A GitHub that is a file, with a `gh` for it. */
export function makeGithub(folder) {
  const [bin, file] = [join(folder, 'bin'), join(folder, 'github.json')]
  mkdirSync(bin)
  const script = join(root, 'scripts', 'story', 'gh.mjs')
  writeFileSync(join(bin, 'gh'), `#!/bin/sh\nexec "${process.execPath}" "${script}" "$@"\n`, { mode: 0o755 })
  const write = (state) => writeFileSync(file, JSON.stringify(state))
  const read = () => JSON.parse(readFileSync(file, 'utf8'))
  write({ me: 'github-actions[bot]', pulls: [], comments: [], runs: [] })
  return {
    ...{ folder, bin, file, read },
    change: (how) => {
      const state = read()
      how(state)
      write(state)
    },
    calls: () => (existsSync(`${file}.calls`) ? readFileSync(`${file}.calls`, 'utf8').trim().split('\n').map(JSON.parse) : []),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** `${{ inputs.x }}` and `${{ github.token }}`: it contains no other expressions. */
export const evaluated = (text, given) =>
  String(text).replace(/\$\{\{ (?:inputs\.([\w-]+)|(github\.token)) \}\}/g, (_all, name, token) =>
    token ? 'a token of GitHub' : evaluated(given[name], given),
  )

/** As GitHub runs `shell: bash`. */
export function bash(script, { cwd, env }) {
  const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], { cwd, env })
  const said = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'])
    child[name].setEncoding('utf8').on('data', (part) => {
      said[name] += part
    })
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, ...said })))
}

/** https://docs.github.com/actions/reference/workflow-commands-for-github-actions#multiline-strings */
const outputsIn = (text) =>
  Object.fromEntries([...text.matchAll(/^(\S+)<<(\S+)\n([\s\S]*?)\n\2$/gm)].map(([, name, , value]) => [name, value]))
