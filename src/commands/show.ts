import { resolve } from 'node:path'
import type { Options } from '../session/session.ts'
import type { View } from '../views/view.ts'
import { exit } from './exitCode.ts'
import { demandOneForm, type PlanForms, showPlan } from './planFile/forms.ts'
import { loadPlan } from './planFile/saved.ts'

export interface ShowArguments extends PlanForms {
  /** A plan that `hma plan --out` saved. */
  readonly planFile: string
}

interface Place {
  readonly view: View
  readonly directory: string
  readonly options: Pick<Options, 'sandbox'>
}

/** `hma show`: shows a saved plan in any format of `hma plan`. It reads the file alone, neither configuration nor Azure. */
export async function show(place: Place, asked: ShowArguments): Promise<number> {
  demandOneForm(asked)
  const { planFile, ...forms } = asked
  const file = await loadPlan(resolve(place.directory, planFile))
  // Hints repeat the flags of the command line; a plan of the sandbox was made with this one.
  const flag = file.sandbox && !place.options.sandbox ? ' --sandbox' : ''
  await showPlan(place, { file, failed: 0, next: `hma apply ${planFile}${flag}` }, forms)
  return exit.done
}
