import type { Row } from './row.ts'

const goesOn = 'Run it again later: hma continues where it stopped.'

/** What the status alone says, for any service. */
export const statuses: readonly Row[] = [
  {
    ...{ status: 401, entry: 'HMA204' },
    next: 'The service does not accept the token. Check `auth` for this tenant, and the clock of this machine.',
  },
  {
    ...{ status: 404, passes: 'lag', entry: 'HMA508' },
    next: 'Check the name or id in the message. What was created a moment ago may take a minute to appear.',
  },
  { status: 408, passes: 'transient', entry: 'HMA505', next: goesOn },
  {
    status: 429,
    passes: 'transient',
    entry: 'HMA504',
    next: 'The service is throttling. Run again later, or with a lower --concurrency.',
  },
  ...[500, 502, 503, 504].map(
    (status): Row => ({
      ...{ status, passes: 'transient', entry: 'HMA505' },
      next: `The service has a fault. ${goesOn} Azure reports outages at https://status.azure.com.`,
    }),
  ),
]
