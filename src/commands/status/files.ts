import { longest, readRegular } from '../../config/read/regularFile.ts'
import { HmaError } from '../../core/errors.ts'
import { fileProblem } from '../../files/problem.ts'
import type { Status, Statuses } from '../../views/status/model.ts'

/** Merges the reports of several runs. A deployment in two of them is an error. */
export async function merged(paths: readonly string[]): Promise<Statuses> {
  const { isStatuses } = await import('./shape.ts')
  const whence = new Map<string, string>()
  const all: [string, Status][] = []
  for (const path of paths) {
    const found = await readJson(path)
    if (!isStatuses(found))
      throw new HmaError('HMA116', `${path} is not a report printed by \`hma status --json\``, {
        hint: 'Create it again with this version.',
      })
    for (const [name, status] of Object.entries(found)) {
      const before = whence.get(name)
      if (before !== undefined)
        throw new HmaError('HMA116', `${name} is in ${before} and in ${path}`, {
          hint: 'Each deployment belongs to one shard: give every run the same number of shards and its own index.',
        })
      whence.set(name, path)
      all.push([name, status])
    }
  }
  return Object.fromEntries(all.sort(([one], [other]) => (one < other ? -1 : 1)))
}

type Proven = (name: string) => Pick<Status, 'proof'> | undefined

/** What `hma verify --json` found, by deployment; the latest, if several files have it. */
export async function proofsIn(paths: readonly string[]): Promise<Proven> {
  if (paths.length === 0) return () => undefined
  const { isProofs } = await import('./shape.ts')
  const latest = new Map<string, { readonly ok: boolean; readonly at: string }>()
  for (const path of paths) {
    const found = await readJson(path)
    if (!isProofs(found))
      throw new HmaError('HMA116', `${path} was not printed by \`hma verify --json\``, {
        hint: 'Create it again with this version.',
      })
    for (const [name, { ok, at }] of Object.entries(found)) if (at > (latest.get(name)?.at ?? '')) latest.set(name, { ok, at })
  }
  return (name) => {
    const proof = latest.get(name)
    return proof && { proof }
  }
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse((await readRegular(path, longest.report)).toString('utf8'))
  } catch (error) {
    const reason = error instanceof SyntaxError ? error.message : fileProblem(error)
    throw new HmaError('HMA114', `${path} cannot be read: ${reason}`, {
      hint: 'Check the path, and that it holds JSON.',
      cause: error,
    })
  }
}
