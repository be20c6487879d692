import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'

/**
 * Runs hma and returns its exit code and output. It gets nothing it does not need, least of all this job's tokens.
 * Its output cannot command the runner, whatever names a tenant has; `annotates` allows it for annotations.
 * https://docs.github.com/actions/reference/workflow-commands-for-github-actions#stopping-and-starting-workflow-commands
 */
export async function runHma({ program, options, variables }, command, { env = {}, annotates = false } = {}) {
  if (!existsSync(program)) throw new Error(noBuild(program))
  const stop = randomUUID()
  if (!annotates) process.stdout.write(`::stop-commands::${stop}\n`)
  try {
    const child = spawn(process.execPath, [program, ...command, '--no-color', ...options], {
      env: { ...limits, ...inherited(), ...variables, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    return await said(child)
  } finally {
    if (!annotates) process.stdout.write(`\n::${stop}::\n`)
  }
}

const noBuild = (program) =>
  `There is no ${program}. Pin the action to a release: its tag, or the commit of the tag, contains the build; branches do not. Or set \`path\`.`

/** The default limits on what a configuration may name, which a pull request cannot widen. */
const limits = { HMA_ALLOWED_VARIABLES: 'HMA_*', HMA_ALLOWED_CLOUDS: 'public usgov usgov-dod china' }

const withheld = /^(GH_TOKEN|GITHUB_TOKEN|ACTIONS_ID_TOKEN_REQUEST_\w+|ACTIONS_RUNTIME_TOKEN|HMA_ACTION_\w+)$/

const inherited = () => Object.fromEntries(Object.entries(process.env).filter(([name]) => !withheld.test(name)))

async function said(child) {
  const text = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'])
    child[name].setEncoding('utf8').on('data', (part) => {
      text[name] += part
      process[name].write(part)
    })
  // A cancelled job stops hma as Ctrl-C would: writes under way are finished.
  const pass = (signal) => child.kill(signal)
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, pass)
  const code = await new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (status) => resolve(status ?? 130))
  })
  for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, pass)
  return { code, ...text }
}
