import type { HttpAnswer } from './message.ts'

/**
 * The services' clock, measured by the `Date` of their answers. Credentials start and end by it: what a machine whose clock is
 * fast calls "now" is still in the future for Entra.
 */
export interface ServiceClock {
  /** Call it when a request goes out; the returned function takes the headers of the answer. */
  asked(host: string): (headers: HttpAnswer['headers']) => void
  /** How far the machine's clock is ahead of the services', in milliseconds; negative if behind, 0 while unknown. */
  skew(): number
  /** The services' time, in milliseconds. */
  now(): number
}

/** How far the services are ahead, and the uncertainty, in milliseconds. */
interface Sample {
  readonly ahead: number
  readonly uncertain: number
}

/** A `Date` counts whole seconds. */
const halfASecond = 500
/** Smaller differences may be noise. */
const least = 1500
/** Only the hosts that answered last are used: thousands of hosts in a fleet would not improve the estimate. */
const mostHosts = 31

export function serviceClock(machineNow: () => number): ServiceClock {
  const samples = new Map<string, Sample>()
  let measured: number | undefined
  const skew = (): number => (measured ??= skewOf(middle([...samples.values()])))
  const learn = (host: string, sample: Sample): void => {
    samples.delete(host)
    samples.set(host, sample)
    for (const oldest of samples.keys()) if (samples.size > mostHosts) samples.delete(oldest)
    measured = undefined
  }
  return {
    asked(host) {
      const sent = machineNow()
      return ({ date = '', age }) => {
        const told = Date.parse(date)
        // A cached answer has the date on which it was made.
        if (Number.isNaN(told) || age !== undefined) return
        const received = machineNow()
        const sample = { ahead: told + halfASecond - (sent + received) / 2, uncertain: (received - sent) / 2 + halfASecond }
        const before = samples.get(host)
        learn(host, before ? better(before, sample) : sample)
      }
    },
    skew,
    now: () => machineNow() - skew(),
  }
}

/** The more certain one; the later one if they contradict each other, since a clock was set in between. */
function better(before: Sample, later: Sample): Sample {
  const contradict = Math.abs(before.ahead - later.ahead) > before.uncertain + later.uncertain
  return contradict || later.uncertain < before.uncertain ? later : before
}

const skewOf = ({ ahead, uncertain }: Sample): number => (Math.abs(ahead) <= uncertain + least ? 0 : -ahead)

/** A single service with a wrong clock is outvoted by the others. */
function middle(samples: readonly Sample[]): Sample {
  const sorted = samples.toSorted((one, other) => one.ahead - other.ahead)
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? { ahead: 0, uncertain: 0 }
}
