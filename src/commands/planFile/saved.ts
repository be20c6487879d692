import { longest, readRegular } from '../../config/read/regularFile.ts'
import { HmaError } from '../../core/errors.ts'
import type { PlanFile } from '../../core/planFile.ts'
import { fileProblem } from '../../files/problem.ts'
import { encode } from '../../views/json.ts'
import { replaceFile } from '../files/replace.ts'
import { readPlan } from './read.ts'

export const planText = (plan: PlanFile): string => `${encode(plan, 2)}\n`

export const savePlan = (plan: PlanFile, path: string): Promise<void> => replaceFile(path, planText(plan), 'plan')

/** A plan saved by `hma plan --out`, checked. */
export async function loadPlan(path: string): Promise<PlanFile> {
  const text = await readRegular(path, longest.report).then(String, (error: unknown) => {
    throw new HmaError('HMA114', `The plan ${path} cannot be read: ${fileProblem(error)}`, {
      hint: 'Check the path and its permissions. `hma plan --out FILE` saves a plan.',
      cause: error,
    })
  })
  return readPlan(text, path)
}
