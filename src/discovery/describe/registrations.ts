import type { PasswordCredential } from '../../azure/directory/port.ts'
import { block, type Entry, looked, off, value } from '../../config/write/entry.ts'
import { day } from '../../core/time.ts'
import type { Discovery, FoundApplication } from '../discovery.ts'
import { known } from '../readResult.ts'
import { consented } from '../remarks/hmaApp.ts'

/** KV-App: adopted by its id, with secrets that live as long as the present ones. */
export const keyVaultAppEntry = ({ keyVaultApp }: Discovery): Entry =>
  block('keyVaultApp', [
    ...named(keyVaultApp),
    block('clientSecret', [
      ...lifetime(known(keyVaultApp.application)?.passwordCredentials ?? []),
      off('vaultSecretName', 'hma-kv-app-client-secret', 'keeps the value in the vault too, so that hma verify can try it'),
    ]),
  ])

/** HMA-App: adopted by its id. */
export const hmaAppEntry = ({ hmaApp }: Discovery): Entry =>
  block('hmaApp', [looked('tenantId', hmaApp.tenantId, 'where Exchange is hybrid'), ...named(hmaApp), consent(consented(hmaApp))])

function named({ application, appId }: FoundApplication): Entry[] {
  const found = known(application)
  const name = found?.displayName.trim() ? [value('displayName', found.displayName)] : []
  const gone = 'seen' in application && !found && 'seen' in appId
  return [
    ...name,
    gone ? off('appId', appId.seen, 'does not exist') : looked('appId', appId, 'an existing registration, taken over'),
  ]
}

function consent(given: boolean | undefined): Entry {
  if (given === true) return value('adminConsent', 'grant', 'it was given')
  const why = given === undefined ? 'could not be read' : 'it was not given'
  return value('adminConsent', 'manual', `${why}; grant, if hma should consent`)
}

const usual = 180

/** As long as the one that expires last, within hma's limits. */
function lifetime(held: readonly PasswordCredential[]): Entry[] {
  const [last] = held.toSorted((one, other) => Date.parse(other.end) - Date.parse(one.end))
  const days = last ? Math.round((Date.parse(last.end) - Date.parse(last.start)) / day) : usual
  const fits = days >= 7 && days <= 730
  const before = Math.min(30, Math.floor((fits ? days : usual) / 3))
  return [
    value('lifetimeDays', fits ? days : Math.min(730, usual), fits && last ? 'as the present one has' : undefined),
    value('renewBeforeDays', before),
    value('overlapDays', Math.min(7, before), 'how long the former secret stays valid'),
  ]
}
