/**
 * The longest chain of requests in which each began after the previous one ended.
 * `delay` is the delay of every answer in milliseconds, which must be much longer than the program needs between two requests.
 */
export function chainOf(log, delay) {
  const depths = new Map()
  for (const one of log.toSorted((a, b) => a.began - b.began)) {
    const before = log.filter((other) => other.began + delay <= one.began).map((other) => depths.get(other) ?? 0)
    depths.set(one, 1 + Math.max(0, ...before))
  }
  return Math.max(0, ...depths.values())
}

/** Least squares of the logarithms: 1 where twice as much takes twice as long. */
export function exponentOf(points) {
  const logs = points.map(([size, cost]) => [Math.log(size), Math.log(cost)])
  const mean = (index) => logs.reduce((sum, point) => sum + point[index], 0) / logs.length
  const [x, y] = [mean(0), mean(1)]
  const over = logs.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0)
  return over / logs.reduce((sum, [a]) => sum + (a - x) ** 2, 0)
}
