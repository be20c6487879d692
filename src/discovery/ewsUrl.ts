import type { ProfileRow } from '../azure/dataverse/port.ts'
import { type ReadResult, seen, unread } from './readResult.ts'

/** The address of Exchange Web Services in a profile, with its port unless it is the default. */
export function ewsUrlOf({ incomingLocation, incomingPort, useAutodiscover }: ProfileRow): ReadResult<string> {
  const location = incomingLocation?.trim() ?? ''
  if (location === '')
    return unread(
      useAutodiscover ? 'the profile leaves it to Autodiscover' : 'the profile names no server location',
      'Get-WebServicesVirtualDirectory | fl ExternalUrl shows it.',
    )
  const usable = /^https:\/\//i.test(location) && URL.canParse(location)
  if (!usable) return unread(`the profile says ${location}, which is no https address`)
  const url = new URL(location)
  if (url.username !== '' || url.password !== '') return unread('the profile says an address with a user in it')
  const silent = url.port === '' && incomingPort !== undefined && incomingPort !== 0 && incomingPort !== 443
  if (!silent) return seen(location)
  url.port = String(incomingPort)
  return seen(url.href)
}
