import { schema as configuration } from '../config/schema.ts'
import type { View } from '../views/view.ts'
import { exit } from './exitCode.ts'

/** `hma schema`: the JSON Schema of the configuration, for editors. */
export async function schema(view: View): Promise<number> {
  view.text(`${JSON.stringify(configuration, null, 2)}\n`)
  return exit.done
}
