import { describe, expect, test } from 'vitest'
import { judgeBuild } from '../../src/proof/exchangeBuilds.ts'

const now = new Date('2026-11-28T00:00:00Z')

describe('a build of Exchange', () => {
  const cases: [string, 'passed' | 'warning' | 'failed', RegExp][] = [
    ['14.3.513.0', 'failed', /older than 2013/],
    ['15.0.1347.2', 'failed', /2013 .* too old/],
    ['15.0.1497.48', 'warning', /2013.*out of support since 2023-04-11\.$/],
    ['15.1.1261.35', 'failed', /2016 .* too old/],
    ['15.1.2507.77', 'warning', /2016.*out of support since 2025-10-14\.$/],
    ['15.1.2507.55', 'warning', /out of support .* and lacks the security updates of 2026-10-13 \(build 15\.1\.2507\.77\)/],
    ['15.2.221.12', 'failed', /2019 .* too old/],
    ['15.2.1544.50', 'warning', /2019.*out of support since 2025-10-14\.$/],
    ['15.2.1544.49', 'warning', /lacks .*15\.2\.1544\.50/],
    ['15.2.1748.54', 'warning', /lacks .*15\.2\.1748\.55/],
    ['15.2.1258.12', 'warning', /lacks .*15\.2\.1748\.55/],
    ['15.2.2562.17', 'warning', /Exchange Server SE.*lacks the security updates of 2026-10-13 \(build 15\.2\.2562\.56\)/],
    ['15.2.2562.56', 'passed', /Exchange Server SE, build 15\.2\.2562\.56\./],
    ['15.2.2700.3', 'passed', /Exchange Server SE/],
    ['15.3.100.1', 'warning', /newer than the builds that this version of hma knows/],
    ['15.20.9275.15', 'failed', /Exchange Online, not Exchange Server/],
    ['15.21.1.1', 'failed', /Exchange Online/],
    ['16.0.1.1', 'warning', /newer than/],
    ['15.2', 'warning', /does not report its build/],
    ['nonsense', 'warning', /does not report its build/],
  ]
  test.each(cases)('%s: %s', (build, status, detail) => {
    expect(judgeBuild(build, now)).toMatchObject({ status, detail: expect.stringMatching(detail) })
  })

  test('every verdict except a good one says what to do', () => {
    for (const [build, status] of cases) expect(judgeBuild(build, now).hint === undefined).toBe(status === 'passed')
  })

  test('SE builds from before September 2026 are reported as vulnerable', () => {
    expect(judgeBuild('15.2.2562.17', now).hint).toContain('CVE-2026-69380')
  })

  test('a version is supported until its end date', () => {
    expect(judgeBuild('15.2.1748.55', new Date('2025-06-01T00:00:00Z')).status).toBe('passed')
  })
})
