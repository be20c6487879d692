import { minute } from '../core/time.ts'

/** Beyond this, the admin should be told that the machine's clock differs from the services'. */
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

/** By how much the machine's clock is off, if it is noticeably. */
export const clockOff = (skew: number): string | undefined => (Math.abs(skew) > noticeable ? difference(skew) : undefined)
