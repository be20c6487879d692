import { describe, expect, test } from 'vitest'
import { graphText } from '../../src/views/graph/text.ts'
import { human } from '../../src/views/human.ts'
import { json } from '../../src/views/json.ts'
import { readyText } from '../../src/views/sandboxText.ts'
import { cut, width, wrap } from '../../src/views/terminal/line.ts'
import type { Outputs } from '../../src/views/view.ts'
import { recorder } from './recorder.ts'

describe('outputs', () => {
  const one = { contoso: { ewsUrl: 'https://mail.contoso.com/EWS', profileId: null } }
  const shown = (outputs: Readonly<Record<string, Outputs>>, name?: string): string => {
    const terminal = recorder()
    human(terminal, { quiet: true, verbose: false }).outputs(outputs, name)
    return terminal.stdout
  }

  test('all of them, aligned', () => {
    expect(shown(one)).toBe('contoso\n  ewsUrl     https://mail.contoso.com/EWS\n  profileId  (none)\n')
  })

  test('a single value is printed alone, for scripts', () => {
    expect(shown(one, 'ewsUrl')).toBe('https://mail.contoso.com/EWS\n')
    expect(shown({ ...one, fabrikam: { ewsUrl: 'https://b' } }, 'ewsUrl')).toBe(
      'contoso   https://mail.contoso.com/EWS\nfabrikam  https://b\n',
    )
  })

  test('is JSON by deployment', () => {
    const terminal = recorder()
    json(terminal, { quiet: true }).outputs(one, undefined)
    expect(JSON.parse(terminal.stdout)).toEqual(one)
  })
})

describe('the graph', () => {
  const clusters = [
    {
      name: 'contoso',
      nodes: [
        { address: 'contoso/vault', kind: 'vault', after: [] },
        { address: 'contoso/keyVaultApp', kind: 'application', after: ['contoso/vault'] },
      ],
    },
    { name: 'a"]b\\', nodes: [{ address: 'a"]b\\/x', kind: 'x', after: ['contoso/vault'] }] },
  ]

  test('as mermaid', () => {
    expect(graphText(clusters, 'mermaid')).toBe(`flowchart LR
  subgraph d0["contoso"]
    n0["vault"]
    n1["keyVaultApp (application)"]
  end
  subgraph d1["a#34;#93;b#92;"]
    n2["x"]
  end
  n0 --> n1
  n0 --> n2
`)
  })

  test('as dot', () => {
    expect(graphText(clusters, 'dot')).toBe(`digraph hma {
  rankdir=LR
  node [shape=box]
  subgraph cluster_0 {
    label="contoso"
    n0 [label="vault"]
    n1 [label="keyVaultApp (application)"]
  }
  subgraph cluster_1 {
    label="a\\"]b\\\\"
    n2 [label="x"]
  }
  n0 -> n1
  n0 -> n2
}
`)
  })
})

test('a sandbox that is ready', () => {
  const text = readyText({
    port: 9443,
    caFile: '/tmp/ca.pem',
    endpoints: { authorityHost: 'a', resourceManager: 'b', graph: 'c', keyVaultSuffix: 'd', dataverse: 'e', exchange: 'f' },
    principals: [{ tenantId: 't', clientId: 'i', clientSecret: 's', rights: 'owner' }],
  })
  expect(text).toContain('port 9443')
  expect(text).toContain('  graph            c\n')
  expect(text).toContain('owner of tenant t\n  clientId         i\n  clientSecret     s\n')
})

describe('lines', () => {
  test('wide and combining characters count as displayed', () => {
    expect(['abc', '日本', 'e\u0301', '😀'].map(width)).toEqual([3, 4, 1, 2])
  })

  test('cut text ends with a visible mark', () => {
    expect([cut('abcdef', 6, '…'), cut('abcdefg', 6, '…'), cut('日本語', 4, '…')]).toEqual(['abcdef', 'abcde…', '日…'])
  })

  test('wrapping keeps the indent, and long words whole', () => {
    expect(wrap('  ab cd averylongword ef', 8)).toEqual(['  ab cd', '  averylongword', '  ef'])
    expect(wrap('', 8)).toEqual([''])
  })

  test('configuration mistakes are wrapped only on a screen, and the quoted line stays whole', () => {
    const quoted = `    1 | ${'name: Contoso '.repeat(4)}\n      |       ^^^^^^^`
    const text = `hma.config.yaml:1:7 error must be 1–32 lowercase letters [HMA101]\n${quoted}\n  Write contoso.\n\n1 error in the configuration.\n`
    const shown = (screen: boolean): string => {
      const terminal = recorder({ columns: 40, screen })
      human(terminal, { quiet: true, verbose: false }).mistakes({}, text)
      return terminal.stdout
    }
    expect(shown(false)).toBe(text)
    expect(shown(true)).toBe(
      `hma.config.yaml:1:7 error must be 1–32\n  lowercase letters [HMA101]\n${quoted}\n  Write contoso.\n\n1 error in the configuration.\n`,
    )
  })
})
