// The story of docs/guides/gitops.md, played on the sandbox: a repository, two pull requests, a change in the portal, a year.
//   npm run build && node scripts/story.mjs
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { renameInPortal, withSandbox } from './story/portal.mjs'
import { makeRepository } from './story/repository.mjs'

const root = join(import.meta.dirname, '..')
const { values } = parseArgs({ options: { program: { type: 'string', default: join(root, 'dist', 'cli.js') } } })
const { program } = values
const configuration = readFileSync(join(root, 'hma.config.yaml'), 'utf8').replace(/^# (yaml-language-server|\$schema):.*\n/gm, '')
const application = { tenantId: '11111111-1111-1111-1111-111111111111', uniqueName: 'hma-contoso-kv-app' }

const everywhere = ['--file', 'deployments', '--sandbox']

const repository = makeRepository(program)
const where = { program, directory: repository.directory, config: 'deployments' }

try {
  await theFirstDeployment()
  await aPlanThatWentStale()
  await aHandInThePortal()
  await aYear()
  say('\nThe story ends well.')
} catch (error) {
  process.stderr.write(`\nThe story breaks off: ${error.message}\n`)
  process.exitCode = 1
} finally {
  repository.remove()
}

async function theFirstDeployment() {
  chapter('A pull request, its plan, and the merge')
  repository.write('.gitignore', '.hma/\n')
  repository.commit('An empty repository')
  const pull = await opened(1, 'Contoso reads its mail from Exchange', configuration)
  tell('the comment says', headline(pull.comment), /^Plan: 11 to create\.$/)
  ended('apply, of the plan in the comment', await repository.merge(pull), 0)
  ended('drift', await repository.act('drift'), 0)
}

async function aPlanThatWentStale() {
  chapter('A plan that went stale')
  const pull = await opened(
    2,
    'Another name for HMA-App',
    configuration.replace('displayName: HMA-App', 'displayName: HMA-App of Contoso'),
  )
  tell('the comment says', headline(pull.comment), /^Plan: 1 to update\.$/)
  await renameInPortal(where, { ...application, displayName: 'Renamed by hand' })
  tell('meanwhile, in the portal', 'KV-App gets another name')
  const refused = await repository.merge(pull)
  ended('apply, of the plan in the comment', refused, 1)
  tell('it says', sentence(inWords(refused.summary), /This is not the plan that was reviewed.*?Nothing was changed\./))
  ended('the nightly apply, of what main says', await repository.act('apply'), 0)
  ended('drift', await repository.act('drift'), 0)
}

async function aHandInThePortal() {
  chapter('A hand in the portal')
  await renameInPortal(where, { ...application, displayName: 'Renamed again' })
  const seen = await repository.act('drift')
  ended('drift', seen, 2)
  tell('it says', inWords(sentence(seen.summary, /<code>keyVaultApp<\/code>.*/)), /displayName/)
  ended('the nightly apply', await repository.act('apply'), 0)
  ended('drift', await repository.act('drift'), 0)
}

/** One run per quarter is enough to see both renewals and the removal of former credentials. */
async function aYear() {
  chapter('A year')
  const secrets = new Set()
  const certificates = new Set()
  for (const days of [0, 155, 30, 155, 30]) {
    if (days > 0) hma('sandbox', 'advance', `${days}d`)
    ended(`${days} days later, the nightly apply`, await repository.act('apply'), 0)
    const { contoso } = JSON.parse(hma('output', '--json', ...everywhere))
    secrets.add(contoso.keyVaultClientSecret)
    certificates.add(contoso.certificateThumbprint)
    hma('verify', '--quiet', ...everywhere)
    tell('verify', 'Dynamics signs in to Exchange')
  }
  tell('in use so far', `${secrets.size} secrets, ${certificates.size} certificates`, /^3 secrets, 2 certificates$/)
  const witness = await withSandbox(where)
  tell('the sandbox says', sentence(witness, /No sign-in outage[^."]*\./), /No sign-in outage was seen/)
}
async function opened(number, title, text) {
  const pull = await repository.open(number, title, () => repository.write('deployments/contoso.yaml', text))
  tell(`pull request #${number}`, title)
  ended('validate', pull.validated, 0)
  ended('plan', pull.planned, 0)
  return pull
}

function hma(...args) {
  return execFileSync(process.execPath, [program, ...args], { cwd: repository.directory, encoding: 'utf8' })
}

function say(line) {
  process.stdout.write(`${line}\n`)
}

function chapter(title) {
  say(`\n${title}`)
}

function tell(what, text, expected = /./) {
  say(`  ${what}: ${text}`)
  if (!expected.test(text ?? '')) throw new Error(`${what}: ${expected} was expected.`)
}

function ended(what, { code, summary, stdout, stderr }, expected) {
  say(`  ${what}: exit code ${code}`)
  if (code !== expected) throw new Error(`${what} had to end with ${expected}.\n${summary ?? ''}${stdout ?? ''}${stderr ?? ''}`)
}

function headline(comment) {
  return sentence(comment, /\*\*.*\*\*/)?.replaceAll('*', '')
}

function sentence(text, pattern) {
  return pattern.exec(text)?.[0]
}

function inWords(markdown) {
  return markdown
    ?.replaceAll(/<[^>]+>|\|/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
}
