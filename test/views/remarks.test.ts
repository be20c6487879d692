import { describe, expect, test } from 'vitest'
import { readPlan } from '../../src/commands/planFile/read.ts'
import type { Remark } from '../../src/core/remark.ts'
import { human } from '../../src/views/human.ts'
import { planHtml } from '../../src/views/plan/html.ts'
import { planMarkdown } from '../../src/views/plan/markdown.ts'
import { statusHtml } from '../../src/views/status/html.ts'
import { unseen } from '../../src/views/status/model.ts'
import { planned } from './example.ts'
import { recorder } from './recorder.ts'

const five: readonly Remark[] = [
  {
    address: 'contoso/vault',
    severity: 'warning',
    text: 'The network rules of the vault deny access by default. Dynamics may not reach it.',
    hint: 'Allow public access under Networking.',
  },
  { address: 'contoso/vault', severity: 'info', text: 'Purge protection is off.' },
  {
    address: 'contoso/clientSecret',
    severity: 'warning',
    text: 'A policy forbids new secrets: the renewal on 2027-04-28 will fail.',
    date: '2027-04-28T00:00:00.000Z',
  },
  { address: 'contoso/hmaApp', severity: 'info', text: 'It carries no notes <script>.' },
  { address: 'contoso/emailServerProfile', severity: 'info', text: 'It points to a managed identity of Power Platform.' },
]

const calm = planned({
  name: 'contoso',
  changes: [{ address: 'contoso/vault', kind: 'vault', action: 'none', differences: [], after: [] }],
  remarks: five,
})

const loud = { quiet: false, verbose: false }

describe('five remarks', () => {
  test('in a terminal of 80 columns, under a plan that changes nothing', () => {
    const terminal = recorder({})
    human(terminal, loud).plan(calm)
    expect(terminal.stdout).toBe(`contoso
  1 unchanged

  Remarks
  ! vault: The network rules of the vault deny access by default. Dynamics may
    not reach it.
    Allow public access under Networking.
  ! clientSecret: A policy forbids new secrets: the renewal on 2027-04-28 will
    fail.
  i vault: Purge protection is off.
  i hmaApp: It carries no notes <script>.
  i emailServerProfile: It points to a managed identity of Power Platform.

No changes. Everything matches the configuration.
`)
  })

  test('in the status', () => {
    const terminal = recorder({})
    const status = { ...unseen('…'), ok: true, problems: [], at: '2026-11-28T00:00:00.000Z', proof: null, remarks: five }
    human(terminal, loud).statuses({ contoso: status })
    expect(terminal.stdout).toContain('  i vault: Purge protection is off.\n')
    expect(Math.max(...terminal.stdout.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(80)
    const page = statusHtml({ contoso: status })
    for (const { severity } of five) expect(page).toContain(`<li class="${severity}">`)
    expect(page).not.toContain('<script>.')
  })

  test('as Markdown and as a page, escaped', () => {
    const markdown = planMarkdown(calm, 0)
    expect(markdown).toContain('5 remarks')
    expect(markdown.match(/^- /gm)?.length).toBe(5)
    expect(markdown.match(/^- \*\*Warning:\*\* /gm)?.length).toBe(2)
    const page = planHtml(calm, 0)
    expect(page.match(/<li class="(warning|info)">/g)?.length).toBe(5)
    expect(markdown + page).not.toContain('<script>.')
  })

  test('are not part of the digest, and are restored from a saved plan', () => {
    const [deployment] = calm.deployments
    const { remarks: _, ...without } = deployment ?? { name: '', changes: [] }
    expect(planned(without).digest).toBe(calm.digest)
    expect(readPlan(JSON.stringify(calm), 'plan.json').deployments[0]?.remarks).toEqual(five)
    const bad = { ...calm, deployments: [{ ...deployment, remarks: [{ address: 'a', severity: 'alarm', text: 'x' }] }] }
    expect(() => readPlan(JSON.stringify(bad), 'plan.json')).toThrow('is not a plan')
  })
})
