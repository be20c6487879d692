import { resolve } from 'node:path'
import type { View } from '../views/view.ts'
import { exit } from './exitCode.ts'
import { demandOneForm, type PlanForms, showPlan } from './planFile/forms.ts'
import { loadPlan } from './planFile/saved.ts'

export interface ShowArguments extends PlanForms {
  /** A plan that `hma plan --out` saved. */
  readonly planFile: string
}

/** `hma show`: a saved plan again, in every form of `hma plan`. It reads the file alone: no configuration, and no Azure. */
export async function show(place: { readonly view: View; readonly directory: string }, asked: ShowArguments): Promise<number> {
  demandOneForm(asked)
  const { planFile, ...forms } = asked
  const file = await loadPlan(resolve(place.directory, planFile))
  await showPlan(place, { file, failed: 0, next: `hma apply ${planFile}` }, forms)
  return exit.done
}
