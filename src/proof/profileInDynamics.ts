import type { ProfileRow } from '../azure/dataverse/port.ts'
import { ownProfile } from '../resources/ownProfile.ts'
import { own } from './chain.ts'
import { failed, type Lost } from './finding.ts'
import type { Ports, Subject } from './subject.ts'

/**
 * A token for every mailbox is sent only where Dynamics sends its own: a configuration whose server differs from the profile's is not
 * trusted. Undefined if the two agree, or there is no profile yet.
 */
export async function disagreement({ ewsUrl, resourceId, profile }: Subject, { dataverse }: Ports): Promise<Lost | undefined> {
  if (profile === undefined) return undefined
  const { organization, id, name, deployment } = profile
  const [rows, organizationId] = await own(
    Promise.all([dataverse.profiles(organization, { id, name }), dataverse.organizationId(organization)]),
  )
  const found = ownProfile(rows, { madeId: id, organizationId, deployment })
  const ours = (found.own ?? found.other)?.profile
  if (ours === undefined) return undefined
  const different = [
    ...differing('server', serverOf(ours), new URL(ewsUrl).host),
    ...differing('resource id', bare(ours.resourceId), bare(resourceId)),
  ]
  if (different.length === 0) return undefined
  return failed(
    `The email server profile in Dynamics names ${different.join(', and ')}. No token was sent.`,
    'If the configuration is right, run `hma apply`, which writes it to the profile, and then `hma verify` again.',
  )
}

const differing = (what: string, there: string | undefined, here: string | undefined): readonly string[] =>
  there === undefined || there === here ? [] : [`another ${what} than the configuration (${there}, not ${here})`]

const bare = (address: string | undefined): string | undefined => address?.replace(/\/+$/, '').toLowerCase()

/** Host and port, if the profile names a server. */
function serverOf({ incomingLocation, incomingPort }: ProfileRow): string | undefined {
  if (incomingLocation === undefined || !URL.canParse(incomingLocation)) return undefined
  const url = new URL(incomingLocation)
  if (url.port === '' && incomingPort) url.port = String(incomingPort)
  return url.host
}
