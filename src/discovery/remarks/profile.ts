import type { ProfileRow } from '../../azure/dataverse/port.ts'
import { profileObservations } from '../../observations/profile.ts'
import type { Discovery } from '../discovery.ts'
import { ewsUrlOf } from '../ewsUrl.ts'
import { hybridModernAuth, retrievalName } from '../profile.ts'
import { known } from '../readResult.ts'
import { type ImportRemark, observed, when } from '../remark.ts'
import type { Rows } from '../rows.ts'

/** How the profile differs from the one that hma writes. */
export function profileRemarks(found: Discovery): readonly ImportRemark[] {
  const { profile } = found.rows
  return [
    ...signIn(profile),
    ...location(profile),
    ...tenant(found),
    ...links(found.rows),
    ...resource(found),
    ...observed(at, profileObservations(profile)),
  ]
}

const at = 'dynamics.profile'

function signIn({
  incomingCredentialRetrieval,
  outgoingCredentialRetrieval,
  serverType,
  serverAuthority,
}: ProfileRow): ImportRemark[] {
  const other = [
    ...(incomingCredentialRetrieval === hybridModernAuth ? [] : [`receives by ${retrievalName(incomingCredentialRetrieval)}`]),
    ...(outgoingCredentialRetrieval === hybridModernAuth ? [] : [`sends by ${retrievalName(outgoingCredentialRetrieval)}`]),
  ]
  return [
    ...when(
      other.length > 0,
      at,
      `The profile ${other.join(', and ')}, not by Hybrid Modern Auth.`,
      '`hma apply` sets Hybrid Modern Auth for both directions.',
    ),
    ...when(
      serverType !== undefined && serverType !== 2,
      at,
      `The server type of the profile is ${serverType}, and not 2, Exchange Server (Hybrid).`,
      '`hma apply` sets it.',
    ),
    ...when(
      serverAuthority === 3,
      at,
      'The profile leaves it to the Dynamics cloud where it signs in (serverauthority 3).',
      '`hma apply` writes the authority of the cloud that the configuration names.',
    ),
  ]
}

function location(profile: ProfileRow): ImportRemark[] {
  const { incomingLocation, outgoingLocation, incomingPort, outgoingPort, useAutodiscover } = profile
  const url = ewsUrlOf(profile)
  const portSaid = 'seen' in url && url.seen !== incomingLocation?.trim()
  return [
    ...when(
      useAutodiscover === true,
      'exchange.ewsUrl',
      'The profile looks the address of Exchange up (Autodiscover), which the procedure does not.',
      'Check that ewsUrl is right. `hma apply` switches Autodiscover off.',
    ),
    ...when(
      outgoingLocation !== undefined && outgoingLocation !== incomingLocation,
      'exchange.ewsUrl',
      `The profile sends through another address: ${outgoingLocation}.`,
      '`hma apply` writes ewsUrl for both directions.',
    ),
    ...when(
      portSaid,
      'exchange.ewsUrl',
      `The profile names the port ${incomingPort} beside the address ${incomingLocation}. Here it is part of the address.`,
      '`hma apply` writes both so.',
    ),
    ...when(
      incomingPort === undefined || outgoingPort !== incomingPort,
      'exchange.ewsUrl',
      `The ports of the profile are ${incomingPort ?? 'not set'} to receive and ${outgoingPort ?? 'not set'} to send.`,
      '`hma apply` sets both to the port of ewsUrl.',
    ),
  ]
}

function tenant({ rows: { profile }, hmaApp }: Discovery): ImportRemark[] {
  const explicit = profile.useDefaultTenantId === false && profile.tenantId !== undefined
  return when(
    !explicit,
    'hmaApp.tenantId',
    `The profile itself names no tenant for HMA-App. ${known(hmaApp.tenantId)} follows from its rows, or is that of Dynamics.`,
    'Check it: it is the tenant with which Exchange is hybrid. `hma apply` writes it into the profile.',
  )
}

function links({ shape, reference }: Rows): ImportRemark[] {
  const row = known(reference)
  return [
    ...when(
      shape === 'application',
      at,
      'The id of HMA-App is in a managed identity of the profile, not in the column of the profile.',
      '`hma apply` writes it into the profile, and lets the profile point to the managed identity of KV-App. The former row stays; it can be deleted when sign-in works.',
    ),
    ...when(
      shape === 'reference' || shape === 'profile',
      at,
      `The managed identity of KV-App hangs on the ${shape === 'reference' ? 'key vault reference' : 'profile'} alone.`,
      '`hma apply` lets the profile and its key vault reference both point to it: whichever Dynamics follows, it finds it.',
    ),
    ...when(
      row?.keyType !== undefined && row.keyType !== 1,
      at,
      `The key type of the profile is ${keyTypes[row?.keyType ?? 0] ?? row?.keyType}.`,
      '`hma apply` sets it to Certificate.',
    ),
    ...when(
      row?.preauthorizedApplicationType !== undefined && row.preauthorizedApplicationType !== 1,
      at,
      'The vault is read by an application of Dataverse itself (preauthorizedapplicationtype 0), and not by KV-App.',
      '`hma apply` sets it to 1, Other.',
    ),
  ]
}

/** https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/keyvaultreference */
const keyTypes: Readonly<Record<number, string>> = { 0: 'Secret', 1: 'Certificate', 2: 'CertificateWithX5c' }

function resource({ rows: { profile }, hmaApp }: Discovery): ImportRemark[] {
  const names = known(hmaApp.exchange)?.servicePrincipalNames
  const wanted = profile.resourceId ?? originOf(known(ewsUrlOf(profile)))
  const plain = (text: string): string => text.toLowerCase().replace(/\/+$/, '')
  return [
    ...when(
      profile.resourceId === undefined,
      'exchange',
      'The profile names no Microsoft Entra resource id.',
      '`hma apply` writes scheme and host of ewsUrl.',
    ),
    ...when(
      names !== undefined && wanted !== undefined && !names.some((one) => plain(one) === plain(wanted)),
      'exchange',
      `The resource id ${wanted} is not a service principal name of Exchange in the tenant of HMA-App: Entra issues no token for it.`,
      'Add it to Office 365 Exchange Online, as `hma verify` says; or correct resourceId.',
    ),
  ]
}

const originOf = (url: string | undefined): string | undefined => (url === undefined ? undefined : new URL(url).origin)
