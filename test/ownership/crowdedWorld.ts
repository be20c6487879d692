import { randomUUID } from 'node:crypto'
import type { World } from '../../packages/sandbox/src/azure.ts'
import { breaks } from '../../packages/sandbox/src/dataverse/chain.ts'
import { profileInUse } from '../../packages/sandbox/src/dataverse/profileRows.ts'
import { noTables, type OrganizationState } from '../../packages/sandbox/src/dataverse/state.ts'
import { seededChoice } from '../../packages/sandbox/src/faults/bySeed.ts'
import { seededRandom } from '../../packages/sandbox/src/faults/random.ts'
import { emptyWorld } from '../../packages/sandbox/test/support/worlds.ts'
import { HmaError } from '../../src/core/errors.ts'
import { blocks } from '../../src/core/plan.ts'
import { type VirtualSandbox, virtualSandbox } from '../renewal/simulation/virtualTime.ts'
import { day } from '../support/credentials.ts'
import type { Asked, OpenDeployment, Variant } from '../support/deployment.ts'
import { crowd, touched } from './crowd.ts'
import { app, copyEnvironment, copyUrl, organization } from './others.ts'

/** A world by seed: our deployment, others, and many objects of other people or without an owner. */

interface Base {
  readonly name: string
  readonly variant: Variant
  /** A copy of our environment that was adopted, under the same name and with the same registrations. */
  readonly twin?: true
}

const bases: readonly Base[] = [
  { name: 'a vault with roles', variant: { create: false } },
  { name: 'a vault with access policies, and a copy of the secret', variant: { create: 'accessPolicy', copy: true } },
  { name: 'a vault that hma made, one tenant', variant: { tenants: 1 } },
  { name: 'beside an adopted copy of the environment', variant: { create: false }, twin: true },
]

const fabrikamUrl = 'https://fabrikam.crm4.dynamics.com'
const fabrikam = ({ variant: { tenants = 2 } }: Base): Variant => ({
  ...{ name: 'fabrikam', displayName: 'KV-App of Fabrikam', environmentUrl: fabrikamUrl, tenants },
})
const twin = ({ variant }: Base): Variant => ({ ...variant, environmentUrl: copyUrl })

/** Refers to our registrations, and was never applied. */
const bbb = ({ variant: { tenants = 2 } }: Base, world: World): Variant => ({
  tenants,
  ...{ name: 'bbb', create: false, vault: 'kv-contoso-mail', environmentUrl: fabrikamUrl },
  ...{ keyVaultAppId: app(world, 'kv-app').appId, hmaAppId: app(world, 'hma-app').appId },
})

type Command = (place: VirtualSandbox & { readonly base: Base; readonly world: World }) => Promise<void>

const ours =
  (asked: Asked = {}): Command =>
  async ({ here, wire }) =>
    void (await run(await here.process(wire), asked))

const theirs =
  (variant: (base: Base, world: World) => Variant, asked: Asked = {}): Command =>
  async ({ here, wire, base, world }) =>
    void (await run(await (await here.process(wire)).with(variant(base, world)), asked))

const commands = {
  plan: async ({ here, wire }) => void (await (await here.process(wire)).plan().catch(explained)),
  apply: ours(),
  'rotate clientSecret': ours({ rotate: 'clientSecret' }),
  'rotate certificate': ours({ rotate: 'certificate' }),
  'adopt all': ours({ adopt: 'all' }),
  'nine days, and apply': async (place) => {
    place.here.sandbox.advance(9 * day)
    await ours()(place)
  },
  'apply of a neighbour': theirs(fabrikam),
  'destroy of a deployment that refers to our registrations': theirs(bbb, { remove: true }),
  'destroy of a copy under our name': theirs(twin, { remove: true }),
} satisfies Record<string, Command>

/** A run may fail with an explanation: some worlds are more than hma can sort out. */
async function run(process: OpenDeployment, asked: Asked): Promise<void> {
  // As the commands do: if a person has to act first, nothing is done.
  const planned = await process.plan(asked).catch(explained)
  if (!planned || planned.some(blocks)) return
  const applied = await process.apply(asked).catch(explained)
  for (const event of applied?.events ?? []) if (event.type === 'failed') explained(event.error)
}

function explained(error: unknown): undefined {
  if (!(error instanceof HmaError) || error.errorCode.startsWith('HMA90')) throw error
  return undefined
}

const made = new Map<string, Promise<World>>()

/** The world of a base once everything is deployed: made once. */
async function deployed(base: Base): Promise<World> {
  const found = made.get(base.name) ?? make(base)
  made.set(base.name, found)
  return structuredClone(await found)
}

async function make(base: Base): Promise<World> {
  const world: World = { ...(await emptyWorld()), stands: Date.UTC(2030, 0, 1) }
  const { here, wire } = await virtualSandbox({ variant: base.variant, world })
  try {
    addOrganization(world, fabrikamUrl)
    const process = await here.process(wire)
    await process.apply()
    await (await process.with(fabrikam(base))).apply()
    if (base.twin) {
      copyEnvironment(world)
      await (await process.with(twin(base))).apply({ adopt: 'all' })
    }
    here.sandbox.advance(60_000)
    return structuredClone(world)
  } finally {
    await here.close()
  }
}

/** An environment with nothing but its users. */
function addOrganization(world: World, environmentUrl: string): void {
  const model = organization(world)
  const { systemuser, businessunit, mailbox } = structuredClone(model.tables)
  world.dataverse.organizations.push({
    ...structuredClone(model),
    ...{ id: randomUUID(), environmentUrl, tables: { ...noTables(), systemuser, businessunit, mailbox } },
  })
}

/** Why the deployment of an environment cannot sign in. */
const broken = (world: World, { tables, ...rest }: OrganizationState, id: string, now: Date): readonly string[] => {
  const row = tables.emailserverprofile[id]
  if (!row) return ['there is no profile']
  const used = profileInUse({ tables, ...rest }, row)
  return 'missing' in used ? [used.missing] : breaks(world, used, now).map(({ detail }) => detail)
}

export interface CrowdedOutcome {
  readonly seed: number
  readonly base: string
  readonly members: readonly string[]
  readonly commands: readonly string[]
  readonly requests: number
  /** Foreign objects that changed, and deployments that can no longer sign in. */
  readonly problems: readonly string[]
}

export async function crowded(seed: number): Promise<CrowdedOutcome> {
  const drawn = seededChoice(seededRandom(seed))
  const base = drawn.of(bases)
  const world = await deployed(base)
  const signedIn = world.dataverse.organizations.flatMap((one) =>
    Object.keys(one.tables.emailserverprofile).map((id) => ({ one, id })),
  )
  const others = crowd(world, drawn)
  const chosen: string[] = []
  const problems: string[] = []
  const stage = await virtualSandbox({ variant: base.variant, world, seed })
  const check = (): void => {
    const now = stage.here.sandbox.now()
    const lost = signedIn.flatMap(({ one, id }) =>
      broken(world, one, id, now).map((why) => `${one.environmentUrl} cannot sign in: ${why}`),
    )
    for (const problem of [...touched(others, world), ...lost]) problems.push(`after ${chosen.at(-1)}: ${problem}`)
  }
  try {
    check()
    for (let turn = 0; turn < 2 + drawn.below(3) && problems.length === 0; turn++) {
      const name = drawn.of(Object.keys(commands).filter((one): one is keyof typeof commands => one in commands))
      chosen.push(name)
      await commands[name]({ ...stage, base, world })
      check()
    }
    if (problems.length === 0) {
      chosen.push('destroy')
      await ours({ remove: true })({ ...stage, base, world })
      const own = base.twin ? [] : signedIn.filter(({ one }) => one === organization(world))
      for (const one of own) signedIn.splice(signedIn.indexOf(one), 1)
      check()
    }
    return {
      seed,
      base: base.name,
      members: others.map(({ name }) => name),
      commands: chosen,
      requests: stage.here.sandbox.log.length,
      problems,
    }
  } finally {
    await stage.here.close()
  }
}
