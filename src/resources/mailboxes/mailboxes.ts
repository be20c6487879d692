import type { Dataverse, MailboxChange, MailboxRow } from '../../azure/dataverse/port.ts'
import { HmaError } from '../../core/errors.ts'
import type { Kind, Run } from '../../core/kind.ts'
import type { SharedReads } from '../sharedReads.ts'
import { mailboxChecks } from './checks.ts'
import type { Live, Mailbox, ProfileIdentity, Spec } from './model.ts'
import { observeMailboxes } from './observe.ts'
import { type Prove, requireProof, whyNoTest } from './proof.ts'
import { explained, obstacles } from './rights.ts'
import { isRunning, type MailboxStep, resultOf, stepsOf } from './steps.ts'

export type { Spec } from './model.ts'
export type { Prove } from './proof.ts'

interface Ports {
  readonly dataverse: Dataverse
  readonly reads: SharedReads
  readonly prove: Prove
}

/** A mailbox with what is left to do, except tests that this run has already requested. */
interface Task {
  readonly mailbox: Mailbox
  readonly row: MailboxRow
  readonly steps: readonly MailboxStep[]
}

/**
 * The mailboxes on our profile: put there, approved, tested and enabled.
 *
 * Dynamics disables a mailbox at the first 401, so no mailbox is put on the profile or tested before sign-in is proven. A test
 * that fails is requested once per run: `asked` remembers the run and what the row showed before.
 */
export function mailboxes({ dataverse, reads, prove }: Ports): Kind<Spec, Live, ProfileIdentity> {
  const asked = new Map<string, { readonly run: Date; readonly testedAt: string | undefined }>()
  const isAsked = ({ id }: MailboxRow, run: Run): boolean => asked.get(id)?.run === run.now

  const differenceOf = ({ of, difference }: MailboxStep) =>
    of === 'test' ? { ...difference, persists: () => whyNoTest(prove) } : difference

  return {
    identity: ['organization', 'mailboxes', 'profileName', 'profileGuid'],
    putsIntoUse: true,

    read: (spec, run) => observeMailboxes({ dataverse, reads }, spec, run),

    marks: () => ({ marks: 'parent' }),

    diff: (spec, live, now) => [
      ...obstacles(spec, live, now),
      ...live.mailboxes.flatMap((mailbox, index) => {
        const desired = spec.mailboxes[index]
        return desired ? stepsOf(desired, mailbox, spec, now).map(differenceOf) : []
      }),
    ],

    async reconcile(spec, live, run) {
      const tasks = live ? tasksOf(spec, live, run) : []
      const writes = tasks.map((task) => ({ ...task, steps: task.steps.filter((step) => !isAnswered(step, task, run)) }))
      const todo = writes.filter(({ steps }) => steps.length > 0)
      if (todo.length === 0) return judge(tasks, run)
      if (todo.some(({ steps }) => steps.some(({ of }) => of !== 'approval'))) await requireProof(prove)
      await allOf(todo.map((task) => write(spec, task, run)))
    },

    /** What was approved stays approved; a mailbox on another profile is left alone. */
    async remove({ organization, mailboxes }) {
      const ours = mailboxes.flatMap(({ onProfile, row }) => (onProfile && row ? [row] : []))
      await allOf(ours.map((row) => dataverse.detachMailbox(organization, row)))
    },

    removable: (live) => live.mailboxes.some(({ onProfile }) => onProfile),

    probe: async (_spec, live) => mailboxChecks(live),
  }

  /** A test is requested once per run, unless the mailbox was moved since. */
  function isAnswered(step: MailboxStep, { row, steps }: Task, run: Run): boolean {
    return step.of === 'test' && (isRunning(step) || (isAsked(row, run) && !steps.some(({ of }) => of === 'profile')))
  }

  async function write(spec: Spec, { mailbox, row, steps }: Task, run: Run): Promise<void> {
    const change: MailboxChange = Object.assign({}, ...steps.map((step) => step.change))
    const approves = change.approval !== undefined
    await dataverse.updateMailbox(spec.organization, row, change).catch((error: unknown) => {
      throw explained(error, mailbox.address, approves, spec)
    })
    if (!change.testScheduled) return
    asked.set(row.id, { run: run.now, testedAt: row.testedAt })
    run.note(`${mailbox.address}: Test & Enable is in progress`)
  }

  /** Only tests are left. Tests of this run that ended have failed: that is reported once all have ended. */
  function judge(tasks: readonly Task[], run: Run): void {
    const isOver = ({ row }: Task): boolean =>
      !row.testScheduled && isAsked(row, run) && asked.get(row.id)?.testedAt !== row.testedAt
    if (tasks.length === 0 || !tasks.every(isOver)) return
    const failed = tasks.map(({ mailbox }) => `${mailbox.address}: ${resultOf(mailbox)}`).join('; ')
    throw new HmaError('HMA407', `Test & Enable failed for ${failed}`, {
      hint: 'Run `hma verify`: it shows where sign-in fails. Once it is fixed, `hma apply` tests again.',
    })
  }
}

const tasksOf = (spec: Spec, { mailboxes }: Live, run: Run): Task[] =>
  mailboxes.flatMap((mailbox, index) => {
    const [desired, { row }] = [spec.mailboxes[index], mailbox]
    const steps = desired ? stepsOf(desired, mailbox, spec, run.now) : []
    return row && steps.length > 0 ? [{ mailbox, row, steps }] : []
  })

/** Waits for all of them; the first failure counts. */
async function allOf(work: readonly Promise<void>[]): Promise<void> {
  for (const outcome of await Promise.allSettled(work)) if (outcome.status === 'rejected') throw outcome.reason
}
