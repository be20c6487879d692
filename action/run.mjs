// What action.yml runs: hma with the workflow's inputs, and its results as job summary, outputs and comment.
import { randomUUID } from 'node:crypto'
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { comment } from './comments.mjs'
import { freshToken } from './identityToken.mjs'
import { inputs } from './inputs.mjs'
import { runHma } from './process.mjs'
import { artifactName, reviewedDigest } from './reviewedPlan.mjs'

const asked = inputs(process.env)
const folder = mkdtempSync(join(process.env.RUNNER_TEMP, 'hma-'))
const planFile = join(folder, 'plan.json')

const commands = { validate, plan, drift, apply }

try {
  const command = Object.hasOwn(commands, asked.command) ? commands[asked.command] : undefined
  if (!command) throw new Error(`The command is ${Object.keys(commands).join(', ')}, not "${asked.command}".`)
  process.exitCode = await command()
} catch (error) {
  tell('error', error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}

/** hma annotates each mistake at its line and escapes the text. */
async function validate() {
  const { code } = await runHma(asked, ['validate'], { annotates: true })
  return ended(code)
}

async function plan() {
  if (!/^\d{0,4}$/.test(asked.rehearse))
    throw new Error(`rehearse is a number of schedules, for example 50, and not "${asked.rehearse}".`)
  const { code, digest, markdown } = await foresee('Plan')
  if (digest) output('artifact', artifactName(asked, digest))
  const rehearsal = digest && asked.rehearse ? await rehearse() : undefined
  const all = rehearsal ? `${markdown}\n\n${rehearsal.markdown}` : markdown
  if (digest && asked.comment) await comment(asked, { digest, markdown: all })
  if (code === 3 || rehearsal?.code === 3) tell('warning', 'Manual action is needed first: the job summary says what to do.')
  return [0, 2, 3].includes(code) ? (rehearsal?.failed ?? 0) : code
}

/** Nothing is written to Azure. If something would break, the job fails. */
async function rehearse() {
  const { code, stdout, stderr } = await signedIn((env) =>
    runHma(asked, ['rehearse', '--markdown', '--schedules', asked.rehearse], { env }),
  )
  const markdown = stdout || `### hma rehearse\n\nThe rehearsal failed.\n\n${fenced(stderr)}\n`
  summary(`\n${markdown}\n`)
  const failed = code === 3 ? 0 : code
  if (failed !== 0) tell('error', 'The rehearsal failed: the job summary says what would break, and when.')
  return { code, failed, markdown }
}

async function drift() {
  const { code } = await foresee('Drift')
  if (code === 2)
    tell('error', 'Azure does not match the configuration: the job summary shows the differences. The next apply corrects them.')
  if (code === 3) tell('error', 'Manual action is needed: the job summary says what to do.')
  return code
}

async function foresee(title) {
  const { code, stdout, stderr } = await signedIn((env) =>
    runHma(asked, ['plan', '--markdown', '--detailed-exitcode', '--out', planFile], { env }),
  )
  ended(code)
  if (code === 1 || code > 3) {
    summary(`## ${title} failed\n\n${stdout}\n${fenced(stderr)}\n`)
    return { code }
  }
  const { digest } = JSON.parse(readFileSync(planFile, 'utf8'))
  output('pending', String(code !== 0))
  output('digest', digest)
  output('plan-file', planFile)
  summary(`## ${title}\n\n${stdout}\n`)
  return { code, digest, markdown: stdout }
}

async function apply() {
  const digest = asked.reviewed ? await reviewedDigest(asked) : asked.digest
  const terms = digest ? ['--digest', digest] : []
  const { code, stdout, stderr } = await signedIn((env) => runHma(asked, ['apply', '--yes', ...terms], { env }))
  ended(code)
  summary(`## Apply\n\n${fenced(`${stdout}${stderr}`)}\n`)
  if (code === 3) tell('error', 'Manual action is needed: the job summary says what to do.')
  return code
}

/** Keeps this run's token in a file while hma works. */
async function signedIn(work) {
  const token = asked.identityToken ? await freshToken(join(folder, 'token')) : undefined
  try {
    return await work(token ? { AZURE_FEDERATED_TOKEN_FILE: token.file } : {})
  } finally {
    token?.stop()
    rmSync(join(folder, 'token'), { force: true })
  }
}

function ended(code) {
  output('exit-code', String(code))
  return code
}

function output(name, value) {
  const border = randomUUID()
  appendFileSync(process.env.GITHUB_OUTPUT, `${name}<<${border}\n${value}\n${border}\n`)
}

/** GitHub drops a summary of more than 1 MiB. */
function summary(text) {
  const most = 1_000_000
  const cut = text.length > most ? `${text.slice(0, most)}\n\n…` : text
  appendFileSync(process.env.GITHUB_STEP_SUMMARY, cut)
}

/** A fence longer than any in the text. */
function fenced(text) {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}text\n${text.trimEnd()}\n${fence}`
}

function tell(level, message) {
  const escaped = message.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
  process.stdout.write(`::${level} title=hma::${escaped}\n`)
}
