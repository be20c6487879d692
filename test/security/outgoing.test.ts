import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { secretsIn } from '../../src/config/read/environment.ts'
import { HmaError } from '../../src/core/errors.ts'
import { masked, maskSecret, redacted, unmaskSecret, withoutSecrets } from '../../src/core/masking.ts'
import { planFile } from '../../src/core/planFile.ts'
import { Secret } from '../../src/core/secret.ts'
import { human } from '../../src/views/human.ts'
import { json } from '../../src/views/json.ts'
import { annotation } from '../../src/views/terminal/annotation.ts'
import { terminal } from '../../src/views/terminal/terminal.ts'

const screen = (env: Readonly<Record<string, string>> = {}, isTTY = false) => {
  const said = { out: '', err: '' }
  const stream = (name: keyof typeof said) => ({ isTTY, columns: 80, write: (text: string) => void (said[name] += text) })
  return { said, ...terminal({ stdout: stream('out'), stderr: stream('err'), env, color: true }) }
}

const commands = [
  '##vso[task.uploadfile]/tmp/token',
  '##VSO[task.setvariable variable=a]b',
  '##[add-mask]a',
  '##[group]x',
  "##teamcity[buildStatus status='SUCCESS']",
  '::add-mask::a',
  '  ::set-env name=PATH::/tmp',
  '::stop-commands::a',
  'section_start:1:a\r\u001b[0Kb',
]

/** Commands in this text to an agent of Azure Pipelines, GitHub, TeamCity or GitLab. */
const obeyed = (text: string): readonly string[] =>
  text.split(/\r\n|\n|\r/).filter((line) => /##(vso|teamcity)?\[|^\s*::/i.test(line) || line.includes('\u001b[0K'))

describe('no text controls a build agent', () => {
  test.each(commands)('%j', (command) => {
    const { said, out, err } = screen()
    for (const text of [command, `a\n${command}\n`, `a\r\n${command}`, `name: ${command}`]) {
      out(`${text}\n`)
      err(`${text}\n`)
    }
    expect(obeyed(said.out + said.err)).toEqual([])
  })

  test.each([true, false])('by any path to a view (JSON: %s)', (data) => {
    const awkward = fc.array(fc.constantFrom(...commands, '#', '##', '[', ':', '\n', '\r', ' ', 'x'), { maxLength: 6 })
    fc.assert(
      fc.property(
        awkward.map((parts) => parts.join('')),
        (text) => {
          const at = screen()
          const view = data ? json(at, { quiet: false }) : human(at, { quiet: false, verbose: true })
          const change = {
            kind: text,
            action: 'manual',
            differences: [{ field: text, from: text, to: [text], why: text }],
          } as const
          const changes = [{ address: `a/${text}`, ...change, after: [], instructions: text }]
          view.plan(planFile([{ name: 'a', changes, remarks: [] }], { hmaVersion: '1', createdAt: new Date(0) }))
          view.event({ type: 'note', address: text, message: text }, new Date(0))
          view.result({ text }, text)
          view.note(text)
          view.error(new HmaError('HMA901', text, { hint: text }))
          view.error(new Error(text))
          expect([...obeyed(at.said.out), ...obeyed(at.said.err)]).toEqual([])
        },
      ),
      { numRuns: 300 },
    )
  })

  test('JSON keeps the value', () => {
    const at = screen()
    json(at, { quiet: false }).result({ name: commands.join('\n') }, '')
    expect(JSON.parse(at.said.out)).toEqual({ name: commands.join('\n') })
  })

  test('intended GitHub commands pass, and contain nothing else', () => {
    const at = screen()
    const place = { severity: 'error', file: 'a\n::set-env::\u001b[2J', line: 1, column: 1, length: 1 } as const
    human(at, { quiet: false, verbose: false }).annotate([annotation({ ...place, message: 'a\n::add-mask::b\u202e' })])
    expect(at.said.out.match(/^::/gm)).toHaveLength(1)
    expect(at.said.out.trimEnd()).not.toMatch(/\n|\p{Cc}|\p{Cf}/u)
  })
})

describe('no terminal control character', () => {
  test('is printed, whatever its source; colors stay', () => {
    const text = 'a\u001b[2J\u009b31m\u0007\r\b\u202e\u2028\u001b]0;x\u0007\u001b[31mred\u001b[39m\tb\n'
    const [bare, painted] = [screen(), screen({}, true)]
    bare.out(text)
    painted.out(text)
    expect(bare.said.out).toBe('a\\x1b[2J\\x9b31m\\x07\\x0d\\x08\\u202e\\u2028\\x1b]0;x\\x07red\tb\n')
    expect(painted.said.out.replace('\u001b[31mred\u001b[39m', 'red')).toBe(bare.said.out)
  })

  test('and long text is cut off', () => {
    const at = screen()
    human(at, { quiet: false, verbose: false }).error(
      new HmaError('HMA405', 'x'.repeat(2_000_000), { hint: 'y '.repeat(1_000_000) }),
    )
    json(at, { quiet: false }).error(new Error('z'.repeat(2_000_000)))
    expect(at.said.err.length).toBeLessThan(20_000)
  })
})

const value = 'p&ss "wörd"/+~7Qx\\Zz'
const forms = {
  plain: value,
  'percent-encoded': encodeURIComponent(value),
  'percent-encoded, small letters': encodeURIComponent(value).toLowerCase().replace('qx', 'Qx').replace('zz', 'Zz'),
  'form-encoded': new URLSearchParams({ a: value }).toString().slice(2),
  'in JSON': JSON.stringify(value).slice(1, -1),
  'in base64': Buffer.from(value).toString('base64'),
  'in base64 behind something else': Buffer.from(`client:${value}`).toString('base64').slice(10, 37),
  'in base64url': Buffer.from(value).toString('base64url'),
}

describe('a secret in every form', () => {
  afterEach(() => unmaskSecret(value))

  test.each(Object.entries(forms))('%s', (_name, form) => {
    new Secret(value)
    const at = screen()
    at.out(`<${form}>\n`)
    expect(at.said.out).toContain(masked)
    expect(at.said.out).not.toContain(form.slice(2, 10))
    expect(new HmaError('HMA405', `The value ${form} is wrong`).message).not.toContain(form.slice(2, 10))
  })

  test('cut off after eight characters or more, in what a service says', () => {
    maskSecret(value)
    for (let length = 8; length < value.length; length++)
      expect(redacted(`not ${value.slice(0, length)}… but`)).toBe(`not ${masked}… but`)
    expect(redacted(value.slice(0, 7))).toBe(value.slice(0, 7))
    expect(withoutSecrets(`not ${value.slice(0, 12)}`)).toBe(`not ${value.slice(0, 12)}`)
  })

  test('one that a person asked to see is shown', () => {
    const secret = new Secret('a value that is asked for')
    expect(withoutSecrets(`> ${secret.disclose()}`)).toBe('> a value that is asked for')
  })

  test('is masked if it comes from the environment or the address of the proxy', () => {
    const environment = {
      AZURE_CLIENT_SECRET: 'of-the-environment',
      SYSTEM_ACCESSTOKEN: 'of-the-agent',
      HTTPS_PROXY: 'http://user:of%2Dthe-proxy@proxy:8080',
      AZURE_FEDERATED_TOKEN_FILE: '/var/run/token',
      HMA_NAME: 'contoso',
    }
    expect(secretsIn(environment)).toEqual(['of-the-environment', 'of-the-agent', 'of%2Dthe-proxy', 'of-the-proxy'])
  })
})

test('the scheme of an address is not masked, even if a secret begins with it', () => {
  const secrets = ['https://', 'https://key.example/of-mine']
  for (const secret of secrets) maskSecret(secret)
  expect(redacted('See https://status.azure.com, not https://key.example/of-mine.')).toBe(
    `See https://status.azure.com, not ${masked}.`,
  )
  expect(withoutSecrets('GET https://graph.microsoft.com/')).toBe('GET https://graph.microsoft.com/')
  for (const secret of secrets) unmaskSecret(secret)
})
