import { fileProblem } from '../../files/problem.ts'
import { isOrigin, parseHttps } from '../origin.ts'
import { readAuthorities } from '../read/authorities.ts'
import { absolute } from '../read/paths.ts'
import { type Draft, pointer, type SemanticProblem } from './draft.ts'

export function endpointsAreHosts(draft: Draft): SemanticProblem[] {
  return ['authorityHost', 'resourceManager', 'graph'].flatMap((name) => {
    const address = draft.text('cloud', name)
    const url = address === undefined ? undefined : parseHttps(address)
    if (address === undefined || (url && isOrigin(url))) return []
    const message = `cloud.${name} must be scheme and host, with a port if needed.`
    return [{ pointer: pointer('cloud', name), message, hint: 'Like https://login.lab.localhost:9443, with no path behind it.' }]
  })
}

export async function authoritiesAreReadable(draft: Draft): Promise<SemanticProblem[]> {
  const file = draft.text('cloud', 'caFile')
  if (file === undefined) return []
  const problem = await readAuthorities(absolute(file, draft.folder)).then(() => undefined, fileProblem)
  if (problem === undefined) return []
  const hint = 'The path starts from the folder of the configuration. The file holds certificates as PEM.'
  return [{ pointer: pointer('cloud', 'caFile'), message: `cloud.caFile cannot be read: ${problem}.`, hint }]
}

/** Dataverse keeps at most 100 characters (https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/keyvaultreference). */
export function vaultUriFits(draft: Draft): SemanticProblem[] {
  const [suffix, name] = [draft.text('cloud', 'keyVaultSuffix'), draft.text('keyVault', 'name')]
  if (suffix === undefined || name === undefined) return []
  const length = `https://${name}.${suffix}/`.length
  if (length <= 100) return []
  const message = `The vault's address has ${length} characters; Dynamics allows at most 100.`
  return [{ pointer: pointer('keyVault', 'name'), message, hint: 'Choose a shorter name.' }]
}
