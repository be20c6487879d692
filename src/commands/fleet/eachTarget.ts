import type { Target } from '../../session/deployment.ts'
import type { Session } from '../../session/session.ts'

interface Which<Result> {
  /** All of them, if left out. */
  readonly targets?: readonly Target[]
  /** The deployment is needed again soon. */
  goesOn?(result: Result): boolean
}

/** Does the work on every deployment, a limited number at a time, while the terminal shows progress. */
export async function eachTarget<Result>(
  { view, targets: all, limit }: Session,
  doing: string,
  work: (target: Target) => Promise<Result>,
  { targets = all, goesOn }: Which<Result> = {},
): Promise<readonly Result[]> {
  let finished = 0
  const tell = (): void => {
    const [only] = targets
    if (targets.length > 0)
      view.busy(doing, targets.length === 1 ? (only?.name ?? '') : `${finished} of ${targets.length} deployments`)
  }
  tell()
  try {
    return await Promise.all(
      targets.map((target) =>
        limit(target, () => work(target), goesOn).finally(() => {
          finished++
          tell()
        }),
      ),
    )
  } finally {
    view.idle(doing)
  }
}
