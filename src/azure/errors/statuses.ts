import type { ErrorRow } from './row.ts'

const runAgain = 'Run it again later: hma continues where it stopped.'

/** What the status alone says, for any service. */
export const statuses: readonly ErrorRow[] = [
  {
    ...{ status: 401, entry: 'HMA204' },
    next: 'The service does not accept the token. Check `auth` for this tenant, and the clock of this machine.',
  },
  {
    ...{ status: 404, passes: 'lag', entry: 'HMA508' },
    next: 'Check the name or id in the message. What was created a moment ago may take a minute to appear.',
  },
  { status: 408, passes: 'transient', entry: 'HMA505', next: runAgain },
  {
    ...{ status: 421, entry: 'HMA507' },
    meaning: 'What answers at this address does not serve this host name, not even over a new connection.',
    next: 'A proxy or load balancer in between leads the request to the wrong server. Check it, and the address in the message.',
  },
  {
    status: 429,
    passes: 'transient',
    entry: 'HMA504',
    next: 'The service is throttling. Run again later, or with a lower --concurrency.',
  },
  ...[500, 502, 503, 504].map(
    (status): ErrorRow => ({
      ...{ status, passes: 'transient', entry: 'HMA505' },
      next: `The service has a fault. ${runAgain} Azure reports outages at https://status.azure.com.`,
    }),
  ),
]
