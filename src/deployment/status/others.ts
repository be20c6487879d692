import type { Values } from '../../core/kind.ts'
import { blocksAt, textAt } from '../seen.ts'
import { expiry, type Moment } from './expiry.ts'

const registrations = ['keyVaultApp', 'hmaApp'] as const

/** Credentials on both registrations that this deployment did not make and leaves alone. If both are the same registration, it counts once. */
export function othersStatus(registered: Readonly<Record<(typeof registrations)[number], Values | undefined>>, moment: Moment) {
  const found = registrations.flatMap((registration) => {
    const live = registered[registration]
    return blocksAt(live, 'others').map((one) => ({
      registration,
      appId: textAt(live, 'appId') ?? '',
      type: textAt(one, 'type') === 'secret' ? ('secret' as const) : ('certificate' as const),
      name: textAt(one, 'name') ?? null,
      keyId: textAt(one, 'keyId') ?? '',
      ...expiry(textAt(one, 'end') ?? '', moment),
    }))
  })
  return [...new Map(found.map((one) => [`${one.appId} ${one.keyId}`, one])).values()]
}
