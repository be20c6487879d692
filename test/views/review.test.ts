import { createHash } from 'node:crypto'
import { Script } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Change } from '../../src/core/plan.ts'
import { type DeploymentPlan, planFile } from '../../src/core/planFile.ts'
import { graphPicture } from '../../src/views/graph/layout.ts'
import { html } from '../../src/views/html/html.ts'
import { code, prose } from '../../src/views/markdown.ts'
import { planHtml } from '../../src/views/plan/html.ts'
import { planMarkdown } from '../../src/views/plan/markdown.ts'
import { statusHtml } from '../../src/views/status/html.ts'
import { statusMetrics } from '../../src/views/status/metrics.ts'
import type { Status, Statuses } from '../../src/views/status/model.ts'
import { harmless } from '../../src/views/terminal/line.ts'

const about = { hmaVersion: '1.2.3', createdAt: new Date('2026-01-01T00:00:00Z') }

/** Text from a directory, or from an attacker. */
const hostile =
  '</td><script>alert(1)</script>|`@octocat` #1 [x](javascript:alert(1)) ![](http://x) www.x.com \u001b[31m\u202e\n::error::x'

const change = (name: string, more: Partial<Change> = {}): Change => ({
  ...{ address: `${name}/keyVaultApp`, kind: 'keyVaultApp', action: 'update', reason: 'differs', after: [] },
  differences: [{ field: 'displayName', from: hostile, to: 'KV-App' }],
  ...more,
})

const deployment = (name: string, ...changes: readonly Change[]): DeploymentPlan => ({ name, changes })

const rich = deployment(
  'contoso',
  change('contoso', { action: 'none', differences: [] }),
  change('contoso', { address: 'contoso/clientSecret', kind: 'clientSecret', after: ['contoso/keyVaultApp'] }),
  change('contoso', {
    ...{ address: 'contoso/adminConsent', kind: 'adminConsent', action: 'manual', reason: 'waiting' },
    ...{ instructions: `Give consent to ${hostile}`, after: ['contoso/keyVaultApp'], differences: [] },
  }),
)

const decoded = (text: string): string =>
  text.replace(/&#(\d+);/g, (_all, number) => String.fromCodePoint(Number(number))).replaceAll('\u200b', '')

describe('Markdown', () => {
  test('foreign text stays text, whatever it contains', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const bare = code(text).slice('<code>'.length, -'</code>'.length)
        expect(bare.replace(/&#\d+;/g, '')).not.toMatch(/[<>&|`*_~@#![\]\\:"'{}+\n\r]/)
        expect(decoded(bare)).toBe(harmless(text))
        expect(decoded(prose(text))).toBe(harmless(text).replaceAll('\u200b', ''))
      }),
    )
    expect(prose('@octocat #1')).toBe('&#64;&#8203;octocat &#35;&#8203;1')
  })

  test('a plan is a table, then the changes, with manual tasks unfolded', () => {
    const text = planMarkdown(planFile([rich, deployment('calm', change('calm', { action: 'none', differences: [] }))], about), 2)
    expect(text).toContain('**2 deployments could not be read: see the log.**')
    expect(text).toContain('| <code>contoso</code> | 0 | 1 | 0 | 0 | 1 | 1 |')
    expect(text).toContain('1 deployment without a change.')
    expect(text).toContain('<details open><summary><code>contoso</code>: 1 to update, 1 needs manual action</summary>')
    const tags = new Set(text.match(/<\/?[a-z]+/g))
    expect([...tags].sort()).toEqual(['</code', '</details', '</pre', '</summary', '<code', '<details', '<pre', '<summary'])
    for (const row of text.split('\n').filter((line) => line.startsWith('| <code>&'))) expect(row.split('|')).toHaveLength(6)
  })

  test('is never longer than a comment may be, and says what it leaves out', () => {
    const many = Array.from({ length: 1000 }, (_, number) => deployment(`fleet-${number}`, ...rich.changes))
    const text = planMarkdown(planFile(many, about), 0)
    expect(text.length).toBeLessThan(65_000)
    const told = text.match(/<details/g)?.length ?? 0
    const rows = text.match(/^\| <code>fleet/gm)?.length ?? 0
    expect(told).toBeGreaterThan(20)
    expect(text).toContain(`The changes of ${1000 - told} more deployments do not fit here`)
    expect(text).toContain(`And ${1000 - rows} deployments more with changes.`)
  })
})

/** What the policy of a page lets run: the hashes of what is in it. */
const hashOf = (page: string, tag: string): string => {
  const [, text = ''] = new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(page) ?? []
  return `${tag}-src 'sha256-${createHash('sha256').update(text).digest('base64')}'`
}

describe('a page', () => {
  test('escapes what is foreign, in text and in attributes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const { html: made } = html`<p title="${text}">${text}</p>`
        const inner = made.slice('<p title="'.length, -'</p>'.length)
        expect(inner.replace('">', '').replace(/&#\d+;/g, '')).not.toMatch(/[<>&"'`]/)
      }),
    )
  })

  test('of a plan has the changes, the picture, and no script', () => {
    const page = planHtml(planFile([rich], about), 1)
    expect(page).toContain('1 more could not be read')
    expect(page).not.toMatch(/<script|<[^>]*\son\w+=/)
    expect(page.match(/<b>|<img/)).toBeNull()
    expect(page).toContain(hashOf(page, 'style').replaceAll("'", '&#39;'))
    expect(page).toMatch(
      /aria-label="Dependencies of contoso: keyVaultApp; clientSecret after keyVaultApp; adminConsent after keyVaultApp"/,
    )
    expect(page.match(/class="box (none|update|manual)"/g)).toHaveLength(3)
    expect(page).not.toMatch(/https?:\/\/(?!www\.w3\.org\/2000\/svg)[^&\s"]*"/)
  })

  test('the picture of a graph leaves out edges that others imply', () => {
    const nodes = [
      { address: 'x/a', kind: 'a', after: [] },
      { address: 'x/b', kind: 'b', after: ['x/a'] },
      { address: 'x/c', kind: 'c', after: ['x/a', 'x/b'] },
    ]
    expect(graphPicture([{ name: 'x', nodes }]).match(/class="edge"/g)).toHaveLength(2)
  })
})

const day = 86_400_000
const now = Date.parse('2026-01-01T00:00:00Z')
const iso = (time: number): string => new Date(time).toISOString()

function status(days: number, more: Partial<Status> = {}): Status {
  const ends = { expires: iso(now + days * day), days, outlook: days < 30 ? ('soon' as const) : ('fine' as const) }
  const renewal = iso(now + (days - 30) * day)
  return {
    ...{ ok: true, at: iso(now), trusted: [], dynamics: null, mailboxes: [], problems: [], proof: null },
    expires: { what: 'certificate HMA-Cert', at: ends.expires, days },
    certificate: {
      ...ends,
      ...{ name: 'HMA-Cert', thumbprint: 'AB', version: 'v', state: 'current', renewal, renewedBy: 'hma', pending: false },
    },
    secrets: [{ ...ends, keyId: '1a2b3c4d', state: 'held', heldBy: ['dynamics'], renewal, until: null }],
    drift: { changes: 0, person: 0 },
    ...more,
  }
}

describe('the report on a fleet', () => {
  const fleet: Statuses = Object.fromEntries(
    Array.from({ length: 1000 }, (_, number) => [
      `fleet-${number}`,
      number === 7
        ? status(100, { ok: false, problems: [{ kind: 'broken', what: hostile, message: hostile }] })
        : status(20 + (number % 300), { drift: { changes: number % 100 === 50 ? 2 : 0, person: 0 } }),
    ]),
  )

  test('has a row for each deployment, and a script that the policy knows', () => {
    const page = statusHtml(fleet)
    expect(page.match(/<tr data-is=/g)).toHaveLength(1000)
    expect(page).toMatch(/>1 needs attention</)
    expect(page.length).toBeLessThan(2_000_000)
    for (const tag of ['style', 'script']) expect(page).toContain(hashOf(page, tag).replaceAll("'", '&#39;'))
    expect(page.match(/<script/g)).toHaveLength(1)
    const [, script = ''] = /<script>([\s\S]*?)<\/script>/.exec(page) ?? []
    expect(() => new Script(script)).not.toThrow()
  })

  test('an empty fleet is a page, too', () => {
    expect(statusHtml({})).toContain('<h1>0 deployments</h1>')
    expect(statusMetrics({})).toBe('')
  })

  test('for Prometheus: each metric once, each line well formed', () => {
    const text = statusMetrics({ ...fleet, 'fleet-7': { ...status(100), mailboxes: [] } })
    const lines = text.trimEnd().split('\n')
    const names = lines.flatMap((line) => /^# TYPE (\w+) gauge$/.exec(line)?.[1] ?? [])
    expect(new Set(names).size).toBe(names.length)
    for (const line of lines.filter((one) => !one.startsWith('#')))
      expect(line).toMatch(/^hma_\w+\{deployment="[\w-]+"(,\w+="([^"\\]|\\.)*")*\} \d+$/)
    expect(text).toContain(`hma_expiry_timestamp_seconds{deployment="fleet-0"} ${(now + 20 * day) / 1000}\n`)
    const wild = statusMetrics({ x: status(1, { mailboxes: [{ ...mailbox, address: 'a"b\\c\nd' }] }) })
    expect(wild).toContain('mailbox="a\\"b\\\\c\\\\x0ad"} 0')
  })
})

const mailbox = {
  ...{ state: 'failed' as const, testedAt: null, incoming: null, outgoing: null, appointments: null, profile: null, error: null },
}
