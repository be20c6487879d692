import type { LogEntry, Settings, World } from '../../../packages/sandbox/src/azure.ts'
import { seededChoice } from '../../../packages/sandbox/src/faults/bySeed.ts'
import type { Fault } from '../../../packages/sandbox/src/faults/faults.ts'
import { seededRandom } from '../../../packages/sandbox/src/faults/random.ts'
import type { HttpRequest } from '../../../src/azure/http/message.ts'
import { inWords } from '../../../src/core/deadline.ts'
import { HmaError } from '../../../src/core/errors.ts'
import { limits } from '../../../src/core/limits.ts'
import { crowd, entries, touched } from '../../ownership/crowd.ts'
import { audit, auditDestroyed, type Circumstances, foreign, inUseNow } from '../../support/audit.ts'
import { broken } from '../../support/credentials.ts'
import type { Asked, OpenDeployment, Wire } from '../../support/deployment.ts'
import { type Interruption, killable } from '../../support/killedRun.ts'
import { personsAgent } from '../../support/portal.ts'
import type { Scenario } from '../../support/scenarios.ts'
import { type ManualChange, manualChanges } from './person.ts'
import { type VirtualSandbox, virtualSandbox } from './virtualTime.ts'

/** A run of hma, or two at once, and what happens to them. */
export interface Act {
  /** Milliseconds after the first one at which a second one begins. */
  readonly second?: number
  /** While the act lasts. */
  readonly faults: readonly Fault[]
  readonly settings: Partial<Settings>
  /** Of the first process. */
  readonly accident?: Interruption
  /** Before the n-th request of the first process. */
  readonly person?: { readonly request: number; readonly does: ManualChange }
  /** Milliseconds until hma is run again. */
  readonly pause: number
}

export interface Schedule {
  readonly seed: number
  readonly settings: Partial<Settings>
  readonly acts: readonly Act[]
  /** Other people's entries are in the lists that hma writes. */
  readonly crowded?: true
}

export interface Outcome {
  /** Every broken promise. */
  readonly problems: readonly string[]
  /** What was encountered, and how often. */
  readonly met: ReadonlyMap<string, number>
  /** What was asked, in its order. */
  readonly log: readonly LogEntry[]
}

const minute = 60_000

/** A schedule from its beginning until hma has arrived, or should have. */
export async function perform(scenario: Scenario, { seed, settings, acts, crowded }: Schedule): Promise<Outcome> {
  const { variant, asked } = scenario
  const world = structuredClone(scenario.world)
  const others = crowded ? crowd(world, seededChoice(seededRandom(seed)), entries) : []
  const witness = witnessOf(scenario, world)
  const afterwards = (request: Request): void => witness.look(request, stage.here)
  const stage = await virtualSandbox({ variant, world, settings, seed, afterwards })
  const { sandbox } = stage.here
  const met: string[] = []
  try {
    for (const act of acts) witness.problems.push(...(await runAct(act, scenario, { ...stage, met })))
    // By then, leftovers of a dead run cannot be mistaken for something that a running one is about to use.
    sandbox.advance(61 * minute)
    const left = await recover({ ...stage, met }, asked)
    const circumstances = { ...witness, variant, before: scenario.world, now: sandbox.now(), hidden: hiddenBy(acts) }
    const found = asked.remove ? auditDestroyed(world, circumstances) : audit(world, circumstances)
    const { log, conditions } = sandbox
    met.push(...log.flatMap(({ fault }) => fault ?? []), ...others.map(({ name }) => `alongside: ${name}`))
    return { problems: [...witness.problems, ...left, ...found, ...touched(others, world)], met: counted(met, conditions), log }
  } finally {
    await stage.here.close()
  }
}

/** Where it happens, and what happens there. */
interface Place extends VirtualSandbox {
  readonly met: string[]
}

async function runAct(act: Act, { asked, variant }: Scenario, place: Place): Promise<readonly string[]> {
  const { here, wire, sleep, met } = place
  const { sandbox } = here
  const usual = { ...sandbox.settings }
  sandbox.faults.push(...structuredClone(act.faults))
  Object.assign(sandbox.settings, act.settings)
  const { wire: fatal, isDead, happened } = killable(act.accident)
  const visited: Wire = (transport) => fatal(visit(act.person, { here, variant }, { met, transport: wire(transport) }))
  const crashes = await Promise.all([
    runOf(place, visited, asked, isDead),
    ...(act.second === undefined ? [] : [sleep(act.second).then(() => runOf(place, wire, asked, () => false))]),
  ])
  if (act.second !== undefined) met.push('two runs at once')
  if (act.accident && happened()) met.push(act.accident.what)
  sandbox.faults.splice(0)
  Object.assign(sandbox.settings, usual)
  sandbox.advance(act.pause)
  return crashes.flat()
}

/** What every run of hma is counted as. */
export const aRun = 'run of hma'

/** A run may fail with an explanation. Anything else is a fault of hma. */
async function runOf({ here, met }: Place, wire: Wire, asked: Asked, isDead: () => boolean): Promise<readonly string[]> {
  met.push(aRun)
  const crash = (error: unknown): string[] =>
    isDead() || error instanceof HmaError ? [] : [`crashed: ${error instanceof Error ? error.stack : String(error)}`]
  try {
    const { events, times } = await (await here.process(wire)).apply(asked)
    return [...events.flatMap((event) => (event.type === 'failed' ? crash(event.error) : [])), ...endless(times)]
  } catch (error) {
    return crash(error)
  }
}

/** A resource takes its time and an attempt that was under way, and no more. */
const endless = (times: ReadonlyMap<string, number>): readonly string[] =>
  [...times]
    .filter(([, milliseconds]) => milliseconds > limits.resource + 2 * limits.attempt)
    .map(([address, milliseconds]) => `no end: ${address} took ${inWords(milliseconds)}`)

/**
 * Graph knows no conditional delete: between the last look at a registration and its DELETE there is a moment in
 * which another client can begin to use it unnoticed. Then that client comes a request later. (Deleted, it can be restored for 30 days.)
 */
const deletesRegistration = ({ method, url }: Asking): boolean => method === 'DELETE' && /\/applications\/[^/]+$/.test(url)
const looksAtRegistration = ({ method, url }: Asking): boolean => method === 'GET' && /\/applications\(/.test(url)

type Asking = Pick<HttpRequest, 'method' | 'url'>

/** A person does something before the n-th request is sent. It may fail. */
function visit(
  person: Act['person'],
  place: Parameters<(typeof manualChanges)[ManualChange]>[0],
  { met, transport }: { met: string[]; transport: ReturnType<Wire> },
): ReturnType<Wire> {
  let [requests, done] = [0, false]
  return {
    ...transport,
    async send(request) {
      if (person && requests++ >= person.request && !done && !deletesRegistration(request)) {
        done = true
        met.push(`someone ${person.does}`)
        await manualChanges[person.does](place).catch(() => {})
      }
      return transport.send(request)
    },
  }
}

/** At most two runs have something to do; the next one finds nothing to do and writes nothing. */
async function recover({ here, wire, met }: Place, asked: Asked): Promise<readonly string[]> {
  let left: readonly string[] = []
  for (let run = 0; run < 3; run++) {
    met.push(aRun)
    left = await once(await here.process(wire), asked)
    if (left.length === 0) return left
    here.sandbox.advance(60 * minute)
  }
  return left
}

async function once(process: OpenDeployment, asked: Asked): Promise<readonly string[]> {
  try {
    const { changes, writes, events } = await process.apply(asked)
    return [
      ...changes
        .filter(({ action }) => action !== 'none')
        .map(
          ({ address, action, differences: [first] }) =>
            `not converged: ${action} ${address} ${first?.field} ${first?.why ?? ''}`,
        ),
      ...writes.map(({ method, url }) => `a write though all was done: ${method} ${url}`),
      ...events.flatMap((event) => (event.type === 'failed' ? [`failed: ${event.address}: ${String(event.error)}`] : [])),
    ]
  } catch (error) {
    return [`no run: ${error instanceof HmaError ? error.message : error instanceof Error ? error.stack : String(error)}`]
  }
}

/** Changes after which a credential that was never in use cannot be distinguished from one that was. */
function hiddenBy(acts: readonly Act[]): Circumstances['hidden'] {
  const handMadeChanges = acts.flatMap(({ person }) => person?.does ?? [])
  return {
    certificates: handMadeChanges.some((deed) => /the certificate|new version|request that waits/.test(deed)),
    secrets: handMadeChanges.includes('renames the row with the secret'),
  }
}

/** Checks after every request what was in use, what others have, and whether sign-in that worked still works. */
function witnessOf({ variant, asked, world: before }: Scenario, world: World) {
  const wasInUse = new Set(inUseNow(before, variant))
  const { credentials: foreignCredentials, follow } = watchForeignCredentials(before)
  const problems: string[] = []
  const seen = { violations: 0, broken: new Set<string>(['secret', 'certificate', 'access']) }
  const look = (request: Request, here: OpenDeployment): void => {
    const byPerson = request.headers.get('user-agent') === personsAgent
    for (const keyId of inUseNow(world, variant)) wasInUse.add(keyId)
    follow(request, world, byPerson)
    const { violations } = here.sandbox
    const fresh = violations.slice(seen.violations).map(({ detail }) => detail)
    seen.violations = violations.length
    const now = variant.dynamics === false ? broken(world, here.sandbox.now()) : []
    fresh.push(...now.filter((one) => !seen.broken.has(one)))
    seen.broken = new Set(now)
    // A read breaks nothing: it shows what time, or a person, has brought about.
    if (!byPerson && !asked.remove && request.method !== 'GET')
      problems.push(...fresh.map((one) => `broken: ${one} (${request.method} ${request.url})`))
  }
  return { wasInUse, foreignCredentials, problems, look }
}

/** Credentials of others, which stay. One that was added after hma's last read of a registration is deleted with it, unavoidably. */
function watchForeignCredentials(before: World) {
  const credentials = new Set(foreign(before))
  const unseen = new Set<string>()
  const follow = (request: Request, world: World, byPerson: boolean): void => {
    const added = byPerson ? foreign(world).filter((one) => !credentials.has(one)) : []
    for (const one of added) {
      credentials.add(one)
      unseen.add(one)
    }
    if (deletesRegistration(request)) for (const one of unseen) credentials.delete(one)
    if (!byPerson && (looksAtRegistration(request) || deletesRegistration(request))) unseen.clear()
  }
  return { credentials, follow }
}

function counted(met: readonly string[], conditions: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const counts = new Map(conditions)
  for (const one of met) counts.set(one, (counts.get(one) ?? 0) + 1)
  return counts
}
