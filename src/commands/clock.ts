import { HmaError } from '../core/errors.ts'
import type { Remark } from '../core/remark.ts'
import { clockTolerance, minute } from '../core/time.ts'
import type { Session } from '../session/session.ts'

/** Beyond this, the admin should be told. */
export const noticeable = minute

export const difference = (skew: number): string => `${inWords(Math.abs(skew))} ${skew > 0 ? 'ahead of' : 'behind'} Azure's`

/** `9 seconds`, `7 minutes`, `23 hours`, `3 days`. */
function inWords(milliseconds: number): string {
  const minutes = Math.round(milliseconds / minute)
  const [count, unit] =
    minutes < 1
      ? [Math.round(milliseconds / 1000), 'second']
      : minutes < 120
        ? [minutes, 'minute']
        : minutes < 48 * 60
          ? [Math.round(minutes / 60), 'hour']
          : [Math.round(minutes / 1440), 'day']
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}

export const setIt = 'Set the clock of this machine, and have it follow a time server.'

/** Remarks on the machine's clock. Credentials follow Azure's clock all the same. */
export function clockRemarks({ skew }: Pick<Session, 'skew'>, deployment: string): readonly Remark[] {
  const found = skew()
  if (Math.abs(found) <= noticeable) return []
  const text = `The clock of this machine is ${difference(found)}.`
  const hint = Math.abs(found) > clockTolerance ? `hma writes nothing until it is right. ${setIt}` : setIt
  return [{ address: deployment, severity: 'warning', text, hint }]
}

/** Called before anything is written. */
export function demandClock({ skew }: Pick<Session, 'skew'>): void {
  if (Math.abs(skew()) <= clockTolerance) return
  throw new HmaError('HMA135', `The clock of this machine is ${difference(skew())}, so nothing was written`, {
    hint: `${setIt} Then run it again.`,
  })
}
