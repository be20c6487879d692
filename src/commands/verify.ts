import { HmaError } from '../core/errors.ts'
import { closure } from '../core/graph.ts'
import type { Check } from '../core/kind.ts'
import { type Change, plan } from '../core/plan.ts'
import { look, SurveyFailed, survey } from '../core/survey.ts'
import type { Session } from '../session.ts'
import type { Target } from '../target.ts'
import type { Proof } from '../views/view.ts'
import { exit } from './exitCode.ts'

/** `hma verify`: sign in to Exchange as Dynamics does, and say where it ends. Writes nothing. */
export async function verify(session: Session): Promise<number> {
  const proofs = await Promise.all(session.targets.map((target) => session.limit(target, () => attempt(session, target))))
  session.signal.throwIfAborted()
  const made = proofs.filter((one) => one !== undefined)
  if (made.length > 0) session.view.proofs(Object.fromEntries(made))
  return session.unusable === 0 && made.length === proofs.length && made.every(([, { ok }]) => ok) ? exit.done : exit.failed
}

async function attempt(session: Session, target: Target): Promise<readonly [string, Proof] | undefined> {
  try {
    const found = await Promise.all([target.prove(), profileCheck(session, target), mailboxChecks(session, target)])
    const checks = found.flat()
    return [target.name, { ok: checks.every(({ status }) => status !== 'failed'), at: session.now().toISOString(), checks }]
  } catch (error) {
    if (!session.signal.aborted) session.view.error(new SurveyFailed([{ address: target.name, error }]))
    return undefined
  }
}

/** Is the profile in Dynamics what the configuration says? */
async function profileCheck(session: Session, target: Target): Promise<readonly Check[]> {
  const address = `${target.name}/emailServerProfile`
  if (!target.nodes.some((node) => node.address === address)) return []
  const name = 'profile'
  try {
    const { changes, world } = await seen(session, target, address)
    if (!world.get(address)?.profile) return [{ name, ...noProfile }]
    const change = changes.find((one) => one.address === address)
    return [{ name, ...(change ? judged(change) : { status: 'skipped', detail: 'The profile was not looked at.' }) }]
  } catch (error) {
    return [{ name, ...unseen(error) }]
  }
}

const noProfile: Omit<Check, 'name'> = {
  status: 'failed',
  detail: 'Dynamics has no such profile.',
  hint: 'Run `hma apply`: it makes the profile.',
}

function judged({ action, reason, differences, instructions }: Change): Omit<Check, 'name'> {
  if (action === 'none') return { status: 'passed', detail: 'The profile in Dynamics is what the configuration says.' }
  const hint = instructions ?? 'Run `hma plan` to see what differs, and `hma apply` to bring it in order.'
  const fields = differences.map(({ why, field }) => why ?? field).join(', ')
  return { status: 'failed', detail: `The profile in Dynamics differs from the configuration: ${fields || reason}.`, hint }
}

/** Have the mailboxes been tested in Dynamics, and with what result? */
async function mailboxChecks(session: Session, target: Target): Promise<readonly Check[]> {
  const address = `${target.name}/mailboxes`
  const node = target.nodes.find((one) => one.address === address)
  const probe = node && target.kinds[node.kind]?.probe
  if (!node || !probe) return []
  try {
    const { world, context } = await seen(session, target, address)
    const live = world.get(address)
    if (!live) return [{ name: 'mailboxes', status: 'failed', detail: 'Dynamics has none of the mailboxes.' }]
    return await probe(
      node.spec,
      live,
      look(context, () => {}),
    )
  } catch (error) {
    return [{ name: 'mailboxes', ...unseen(error) }]
  }
}

/** The resource and what it follows, as they are. */
async function seen({ now, signal }: Session, { name: owner, nodes, kinds }: Target, address: string) {
  const context = { now: now(), owner, signal }
  const needed = closure(nodes, address)
  const world = await survey(needed, kinds, context)
  return { context, world, changes: plan(needed, world, kinds, { owner }, context.now) }
}

function unseen(error: unknown): Omit<Check, 'name'> {
  const cause = error instanceof SurveyFailed ? (error.failures[0]?.error ?? error) : error
  if (!(cause instanceof HmaError)) throw error
  return { status: 'skipped', detail: `${cause.message}.`, ...(cause.hint !== undefined && { hint: cause.hint }) }
}
