import { existsSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { type Answers, starter } from '../../config/write/starter.ts'
import { yamlOf } from '../../config/write/writing.ts'
import { HmaError } from '../../core/errors.ts'
import type { CloudName, Exploration, Site } from '../../session/explore.ts'
import { askFor, hasPerson } from '../../views/terminal/question.ts'
import type { Environment } from '../../views/terminal/terminal.ts'
import type { Terminal, View } from '../../views/view.ts'
import { exit } from '../exitCode.ts'
import { stdout } from '../files/page.ts'
import { writeNew } from '../files/writeNew.ts'
import { writeSchema } from '../files/writeSchema.ts'
import { type AzureAccount, azureAccount } from './azureCli.ts'
import { type KnownAnswers, proposals } from './proposals.ts'
import { type InitQuestion, isDomain, questions } from './questions.ts'
import { sandboxAnswers } from './sandboxAnswers.ts'

type Key = keyof Answers

type Flags = { readonly [Name in Key]?: string | undefined }

export interface InitArguments extends Flags {
  readonly cloud?: CloudName
  readonly out: string
  /** Overwrite an existing file. */
  readonly force?: boolean
  /** Accept the proposals without asking. */
  readonly yes: boolean
}

interface Place {
  readonly view: View
  readonly terminal: Terminal
  readonly signal: AbortSignal
  readonly environment: Environment
  readonly options: { readonly sandbox: boolean }
  readonly directory: string
  explore(site: Site): Promise<Exploration>
}

/** `hma init`: a first configuration, from a few answers and from what the cloud reveals without rights. Writes nothing to Azure. */
export async function init(outside: Place, { cloud, out, force = false, yes, ...flags }: InitArguments): Promise<number> {
  const prints = out === stdout
  const path = resolve(outside.directory, prints ? 'hma.config.yaml' : out)
  const place = { ...outside, explore: once(outside.explore) }
  if (!prints && !force && existsSync(path)) throw taken(out)
  const answers = await answered(place, { given: given(flags), yes, ...(cloud && { cloud }) })
  if (!answers) {
    place.view.note('Nothing was written.')
    return exit.failed
  }
  const text = yamlOf(starter(answers, await accessOf(place, answers, { cloud, folder: dirname(path) })))
  if (prints) place.view.text(text)
  else await write(place, text, { out, path, force })
  return exit.done
}

async function write(
  { view, options }: Place,
  text: string,
  { out, path, force }: { out: string; path: string; force: boolean },
) {
  await writeNew(path, text, { force, taken: taken(out) })
  const isNew = await writeSchema(dirname(path))
  const file = basename(out) === 'hma.config.yaml' && out === basename(out) ? '' : ` -f ${out}`
  const next = options.sandbox ? `\`hma apply${file} --sandbox\`` : `\`hma validate${file}\`, then \`hma plan${file}\``
  view.note(`Created ${out}${isNew ? ', and schemas/hma.schema.json for your editor' : ''}. Next: ${next}.`)
}

/** All lookups use one cloud, which is known by the time of the first. */
function once(explore: Place['explore']): Place['explore'] {
  let made: Promise<Exploration> | undefined
  return (site) => (made ??= explore(site))
}

const taken = (path: string): HmaError =>
  new HmaError('HMA115', `${path} already exists`, { hint: 'Name another file with --out, or add --force to replace it.' })

/** The flags as answers; all unusable flags are reported together. */
function given(flags: Flags): Partial<Answers> {
  const wrong: string[] = []
  const read = keys.flatMap((key) => {
    const flag = flags[key]
    if (flag === undefined) return []
    const why = questions[key].refuse(flag)
    if (why !== undefined) wrong.push(`${questions[key].flag} ${flag}: ${why}`)
    return [[key, questions[key].read(flag)]]
  })
  if (wrong.length > 0) throw new HmaError('HMA112', wrong.join('\n'), { hint: '`hma init --help` lists the flags.' })
  return Object.fromEntries(read)
}

const keys: readonly Key[] = [
  'ewsUrl',
  'testMailbox',
  'environmentUrl',
  'tenantId',
  'vault',
  'vaultTenantId',
  'subscriptionId',
  'resourceGroup',
  'location',
  'vaultSecretName',
  'name',
]

interface Asked {
  readonly given: Partial<Answers>
  readonly cloud?: CloudName
  readonly yes: boolean
}

/**
 * Asks one question after another; undefined if the user cancels. Without a terminal, uses the proposals, or fails if they are not
 * enough.
 */
async function answered(place: Place, { given, cloud, yes }: Asked): Promise<Answers | undefined> {
  if (!yes && !hasPerson(place.terminal)) requireAll(given, place.options)
  // The sandbox has nothing to do with the identity signed in on this machine.
  const account = place.options.sandbox ? undefined : await azureAccount(place.environment)
  if (!yes && keys.some((key) => given[key] === undefined))
    place.view.note('Press Enter to accept the value in [brackets]. Nothing is written before the last answer.')
  const known: { -readonly [Name in Key]?: string } = { ...given }
  const lacking: string[] = []
  let exploration: Exploration | undefined
  for (const key of keys) {
    if (known[key] !== undefined) continue
    // The first two answers determine the cloud.
    if (key !== 'ewsUrl' && key !== 'environmentUrl') exploration ??= await place.explore(site(known, cloud))
    const proposal = (await proposed(key, { known, account, exploration })) ?? usual(key, known, place.options)
    const inquiry: InitQuestion = questions[key]
    const silent = yes || (!hasPerson(place.terminal) && inquiry.otherwise !== undefined)
    const answer = silent
      ? (proposal ?? inquiry.otherwise)
      : await askFor({ ...inquiry, ...offered(proposal ?? inquiry.otherwise) }, place)
    if (answer !== undefined) known[key] = inquiry.read(answer)
    else if (yes) lacking.push(questions[key].flag)
    else return undefined
  }
  for (const key of ['tenantId', 'vaultTenantId'] as const) {
    const answer = known[key]
    if (answer !== undefined && isDomain(answer))
      known[key] = await tenantIdOf(key, answer, await place.explore(site(known, cloud)))
  }
  if (isWhole(known)) return known
  throw new HmaError('HMA112', `Missing: ${lacking.join(', ')}`, { hint: 'Add these flags, or omit --yes to be asked.' })
}

/** The id of a tenant given by one of its domains. */
async function tenantIdOf(key: 'tenantId' | 'vaultTenantId', domain: string, { search }: Exploration): Promise<string> {
  const id = await search.tenantOfDomain(domain)
  if (id !== undefined) return id
  throw new HmaError('HMA203', `${questions[key].flag}: Entra does not know the domain ${domain}`, {
    hint: 'Check the spelling, or use the id of the tenant: Microsoft Entra admin center, Overview.',
  })
}

/** Where nothing was found: the names and ids of the sandbox, which fit together, or the one tenant that is known. */
const usual = (key: Key, { tenantId }: Partial<Answers>, { sandbox }: Place['options']): string | undefined =>
  sandbox ? sandboxAnswers[key] : key === 'vaultTenantId' ? tenantId : undefined

const offered = (proposal: string | undefined) => (proposal === undefined ? {} : { proposal })

/** The cloud and the sign-in, from a configuration at hand. */
async function accessOf(place: Place, answers: Answers, { cloud, folder }: { cloud: CloudName | undefined; folder: string }) {
  const exploration = await place.explore(site(answers, cloud))
  return exploration.access(folder, new Set([answers.tenantId, answers.vaultTenantId]))
}

/** Without a terminal, flags must supply every answer. */
function requireAll(given: Partial<Answers>, { sandbox }: Place['options']): void {
  const lacking = keys.flatMap((key) => {
    const { flag, otherwise }: InitQuestion = questions[key]
    return given[key] === undefined && otherwise === undefined ? [flag] : []
  })
  if (lacking.length === 0) return
  if (sandbox)
    throw new HmaError('HMA113', 'Cannot prompt: not a terminal', {
      hint: 'Run `hma init --sandbox --yes`: hma fills in what no flag specifies.',
    })
  throw new HmaError('HMA113', `Cannot prompt: not a terminal. Missing: ${lacking.join(', ')}`, {
    hint: 'Add these flags. With --yes, hma looks up the others if it can. `hma init --help` lists them. To try hma without Azure, run `hma init --sandbox --yes`.',
  })
}

const isWhole = (known: Partial<Answers>): known is Answers => keys.every((key) => known[key] !== undefined)

const site = ({ environmentUrl }: Partial<Answers>, cloud: CloudName | undefined): Site => ({
  ...(environmentUrl && { environmentUrl }),
  ...(cloud && { cloud }),
})

const proposed = (key: Key, round: KnownAnswers & { readonly account: AzureAccount | undefined }): Promise<string | undefined> =>
  proposals[key](round)
