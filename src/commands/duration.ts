import { HmaError } from '../core/errors.ts'

const second = 1000
const unit: Readonly<Record<string, number>> = {
  s: second,
  m: 60 * second,
  h: 3600 * second,
  d: 86_400 * second,
  w: 604_800 * second,
}

/** A duration as people write it, in milliseconds: `335d`, `2w`, `1d12h`, `90m`, `30s`. */
export function duration(text: string): number {
  const parts = [...text.matchAll(/(\d+)([smhdw])/g)]
  const milliseconds = parts.reduce((sum, [, count, name]) => sum + Number(count) * (unit[name ?? ''] ?? 0), 0)
  const whole = parts.map(([part]) => part).join('') === text.replaceAll(' ', '')
  if (whole && milliseconds > 0 && milliseconds <= furthest) return milliseconds
  throw new HmaError('HMA112', `"${text}" is not a duration${whole && milliseconds > furthest ? ' that a clock can move' : ''}`, {
    hint: 'Write a number and a unit, w d h m or s, as in 335d, 12h, 90m or 1d12h.',
  })
}

/** A hundred years: beyond that, certificates and dates stop making sense. */
const furthest = 36_525 * 86_400 * second
