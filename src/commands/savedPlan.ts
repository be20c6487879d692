import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { HmaError } from '../core/errors.ts'
import type { PlanFile } from '../core/planFile.ts'
import { readPlan } from './readPlan.ts'

/**
 * Write a plan so that whoever reads the file sees all of it or the former one.
 * It names resources and tenants, so only its owner may read it.
 */
export async function savePlan(plan: PlanFile, path: string): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`
  try {
    await writeFile(temporary, `${JSON.stringify(plan, null, 2)}\n`, { mode: 0o600 })
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw unusable('written', path, error)
  }
}

/** The plan that `hma plan --out` saved, checked. */
export async function loadPlan(path: string): Promise<PlanFile> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw unusable('read', path, error)
  })
  return readPlan(text, path)
}

const unusable = (what: string, path: string, error: unknown): HmaError =>
  new HmaError(`The plan ${path} cannot be ${what}: ${error instanceof Error ? error.message : String(error)}`, {
    hint: 'Check the path and its permissions. `hma plan --out FILE` saves a plan.',
    cause: error,
  })
