import { resolve } from 'node:path'
import { HmaError } from '../core/errors.ts'
import type { Session } from '../session/session.ts'
import { carryOut } from './carryOut.ts'
import { loadPlan } from './planFile/saved.ts'

export interface ApplyArguments {
  /** A plan saved by `hma plan --out`: exactly this is done, or nothing. */
  readonly planFile?: string
  /** The digest of the reviewed plan: exactly this is done, or nothing. */
  readonly digest?: string
  readonly yes: boolean
  readonly quiet: boolean
}

interface Place {
  /** The folder that relative paths start from. */
  readonly directory: string
  open(): Promise<Session>
}

/** `hma apply`: makes Azure and Dynamics match the configuration. */
export async function apply({ open, directory }: Place, { planFile, digest, yes, quiet }: ApplyArguments): Promise<number> {
  if (digest !== undefined && !/^sha256:[0-9a-f]{64}$/.test(digest))
    throw new HmaError('HMA112', `"${digest}" is not a plan digest`, {
      hint: '`hma plan --json` and `hma plan --markdown` print it: sha256:…',
    })
  const agreed = planFile === undefined ? undefined : await loadPlan(resolve(directory, planFile))
  return carryOut(await open(), {}, { yes, quiet, ...(agreed && { agreed }), ...(digest !== undefined && { digest }) })
}
