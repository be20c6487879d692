import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { parseHttps } from '../config/origin.ts'
import { patterns } from '../config/schema/words.ts'
import { HmaError } from '../core/errors.ts'
import type { CloudName, Exploration, ImportedProfile, ImportTarget, Site } from '../session/explore.ts'
import type { View } from '../views/view.ts'
import { exit } from './exitCode.ts'
import { stdout } from './files/page.ts'
import { writeNew } from './files/writeNew.ts'
import { writeSchema } from './files/writeSchema.ts'

export interface ImportArguments {
  readonly environmentUrl: string
  readonly profile?: string
  readonly tenant?: string
  readonly cloud?: CloudName
  /** Where to write the configuration; without it, to stdout. */
  readonly out?: string
  /** Overwrite an existing file. */
  readonly force?: boolean
}

interface Place {
  readonly view: View
  readonly directory: string
  readonly json: boolean
  /** What `-f` names, at least for signing in. */
  readonly files: readonly string[]
  explore(site: Site): Promise<Exploration>
}

/** `hma import`: the configuration that describes a profile made by hand. Writes nothing to Azure. */
export async function importProfile(place: Place, { out: given, force = false, ...rest }: ImportArguments): Promise<number> {
  const out = given === stdout ? undefined : given
  const { view, directory } = place
  const path = out === undefined ? undefined : resolve(directory, out)
  if (path !== undefined && !force && existsSync(path)) throw taken(path)
  const asked = { ...importTarget(rest), folder: path === undefined ? directory : dirname(path) }
  const found = await (await place.explore(asked)).read(asked)
  if (path !== undefined) {
    await writeNew(path, found.yaml, { force, taken: taken(path) })
    await writeSchema(dirname(path))
  }
  show(place, found, out)
  if (out !== undefined)
    view.note(`The configuration is in ${out}. Read it, then run \`hma validate -f ${out}\` and \`hma plan -f ${out}\`.`)
  return exit.done
}

function importTarget({ environmentUrl, profile, tenant, cloud }: ImportArguments): Omit<ImportTarget, 'folder'> {
  const address = parseHttps(/^[a-z]+:\/\//i.test(environmentUrl) ? environmentUrl : `https://${environmentUrl}`)
  if (!address)
    throw new HmaError('HMA112', `${environmentUrl} is not the address of an environment`, {
      hint: 'Copy it from the browser: https://contoso.crm4.dynamics.com',
    })
  if (tenant !== undefined && !new RegExp(patterns.tenantKey).test(tenant))
    throw new HmaError('HMA112', `${tenant} is not a tenant id`, { hint: 'Use the form 22222222-2222-2222-2222-222222222222.' })
  return {
    environmentUrl: address.origin,
    ...(profile !== undefined && { profile }),
    ...(tenant !== undefined && { tenantId: tenant.toLowerCase() }),
    ...(cloud !== undefined && { cloud }),
  }
}

/** Programs find the notes next to the configuration; people find them on stderr and as comments in the file. */
function show({ view, json, files }: Place, { yaml, configuration, notes }: ImportedProfile, out: string | undefined): void {
  if (json || out === undefined) view.result({ configuration, notes }, yaml)
  if (json) return
  const file = out ?? (files.length > 0 ? 'FILE' : undefined)
  for (const { at, message, next } of notes) view.note(withFile(`${at}: ${message}${next === undefined ? '' : ` ${next}`}`, file))
}

/** The commands in a note are for the new file, not for the one that says how to sign in. */
const withFile = (note: string, file: string | undefined): string =>
  file === undefined ? note : note.replace(/`hma (validate|plan|adopt|apply)\b/g, (command) => `${command} -f ${file}`)

const taken = (path: string): HmaError =>
  new HmaError('HMA115', `${path} already exists`, { hint: 'Name another file with --out, or add --force to replace it.' })
