import type { Failure, Tally } from './tally.ts'

const row = (cells: readonly (string | number)[]): string =>
  [String(cells[0]).padEnd(18), ...cells.slice(1).map((cell) => String(cell).padStart(12))].join('')

/** What was judged per service, every failure, and every exception used, with its reason. */
export function report({ lines, failures, used }: Tally): string {
  const counted = [...lines].map(([service, { requests, answers, operations, unjudged }]) => {
    const failed = failures.filter((failure) => failure.service === service).reduce((sum, { times }) => sum + times, 0)
    const excepted = [...used].filter(([each]) => each.service === service).reduce((sum, [, times]) => sum + times, 0)
    return row([service, requests, answers, operations.size, failed, excepted, unjudged])
  })
  return [
    'Contract: requests of hma and answers of the sandbox, by Microsoft’s descriptions',
    row(['', 'requests', 'answers', 'operations', 'failures', 'excepted', 'undescribed']),
    ...counted,
    ...failures.flatMap(told),
    ...(used.size === 0 ? [] : ['Excepted, as test/contract/exceptions.ts says:']),
    ...[...used].map(([{ service, why }, times]) => `  ${times} × ${service ?? 'any service'}: ${why}`),
  ].join('\n')
}

const told = ({ service, operation, of, pointer, expected, found, first, status, times }: Failure): readonly string[] => [
  `✗ ${service}: ${operation}`,
  `    ${of} ${pointer || '/'}: expected ${expected}; found ${found} (${times} ×, first in ${first}, HTTP ${status})`,
]
