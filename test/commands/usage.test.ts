import { describe, expect, test } from 'vitest'
import { run } from './runOverMapClouds.ts'

describe('the command line', () => {
  test('--version', async () => {
    expect(await run('--version')).toMatchObject({ code: 0, stdout: '1.2.3\n', stderr: '' })
  })

  test('--help names every command and the exit codes', async () => {
    const { code, stdout } = await run('--help')
    expect(code).toBe(0)
    for (const name of ['validate', 'plan', 'apply', 'destroy', 'output', 'graph', 'schema', 'sandbox'])
      expect(stdout).toMatch(new RegExp(`^ {2}${name} `, 'm'))
    expect(stdout).toContain('  3    a person has to act first')
  })

  test.each(['plan', 'apply', 'output', 'sandbox advance'])(
    '%s --help has examples and the options of all commands',
    async (name) => {
      const { code, stdout } = await run(`${name} --help`)
      expect(code).toBe(0)
      expect(stdout).toContain('Examples:')
      expect(stdout).toContain('--concurrency <number>')
    },
  )

  test('without a command it prints every command by what it is for, and fails', async () => {
    const { code, stdout, stderr } = await run('')
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/^Usage: hma <command>/)
    expect(stderr.split('\n').length).toBeLessThan(40)
    const listed = (text: string): readonly string[] => text.match(/^ {2}[a-z]+(?= )/gm) ?? []
    const all = listed(/\nCommands:\n([\s\S]*?)\nTopics/.exec((await run('--help')).stdout)?.[1] ?? '')
    expect([...listed(stderr)].sort()).toEqual([...all].sort())
  })

  test.each([
    ['paln', "Unknown command 'paln'", 'Did you mean plan?'],
    ['--josn plan', "Unknown option '--josn'", '`hma plan --help`'],
    ['plan --josn', "Unknown option '--josn'", 'Did you mean --json?'],
    ['plan --detailed-exitcod', "Unknown option '--detailed-exitcod'", 'Did you mean --detailed-exitcode?'],
    ['apply a b', 'Too many arguments', '`hma apply --help`'],
    ['plan --concurrency 0', 'The number is a whole number from 1 to 64.', '`hma plan --help`'],
    ['graph --format svgg', 'Allowed choices are mermaid, dot', '`hma graph --help`'],
    ['sandbox --port 70000', 'The port is a whole number from 1 to 65535.', '`hma sandbox --help`'],
  ])('hma %s is explained', async (line, message, hint) => {
    const { code, stdout, stderr } = await run(line)
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/^error {2}/)
    expect(stderr.replace(/\s+/g, ' ')).toContain(message)
    expect(stderr).toContain(hint)
  })

  test('with --json a mistyped line is one JSON line', async () => {
    const { code, stderr } = await run('plan --josn --json')
    expect(code).toBe(1)
    expect(JSON.parse(stderr)).toMatchObject({ type: 'error', message: "Unknown option '--josn'" })
  })
})
