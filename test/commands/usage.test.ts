import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { yaml } from '../support/deployment.ts'
import { type Workplace, workplace } from '../support/hma.ts'
import { run } from './runOverMapClouds.ts'

describe('the command line', () => {
  test.each(['--version', '-V', 'version'])('%s', async (line) => {
    expect(await run(line)).toMatchObject({ code: 0, stdout: '1.2.3\n', stderr: '' })
  })

  test('--help names every command and the exit codes', async () => {
    const { code, stdout } = await run('--help')
    expect(code).toBe(0)
    for (const name of ['validate', 'plan', 'apply', 'destroy', 'output', 'graph', 'schema', 'sandbox'])
      expect(stdout).toMatch(new RegExp(`^ {2}${name} `, 'm'))
    expect(stdout).toMatch(/^ {2}3 {4}\S/m)
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

  // A line is split at its spaces, so two of them are an empty word.
  test.each([
    ['plan --out ', '--out is empty'],
    ['apply ', 'An argument is empty'],
    ['plan --only contoso --only ', '--only is empty'],
    ['status --html=', '--html is empty'],
    ['output --log  -f x', '--log is empty'],
  ])('"%s", as with a variable that is not set, is refused', async (line, message) => {
    const { code, stderr } = await run(line)
    expect([code, stderr]).toEqual([1, expect.stringContaining(message)])
    expect(stderr).toContain('HMA112')
  })

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
    ['deploy', 'There is no command "deploy"', '`hma apply`'],
    ['diff --json=x', 'There is no command "diff"', '`hma plan`'],
    ['renew', 'There is no command "renew"', '`hma rotate certificate`'],
    ['apply -auto-approve', 'There is no option "-auto-approve"', '`--yes`'],
    ['apply --auto-approve', 'There is no option "--auto-approve"', '`--yes`'],
    ['plan -out=plan.json', 'There is no option "-out=plan.json"', '`--out plan.json`'],
    ['plan -json', 'There is no option "-json"', '`--json`'],
    ['plan -detailed-exitcode', 'There is no option "-detailed-exitcode"', '`--detailed-exitcode`'],
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

describe('without a configuration', () => {
  let here: Workplace
  beforeEach(async () => {
    here = await workplace('')
  })
  afterEach(() => here.leave())

  const said = async (line: string): Promise<string> => {
    const { code, stderr } = await here.hma(line)
    expect(code).toBe(1)
    return stderr.replaceAll(/\s+/g, ' ')
  }

  test('the message says what to do: for an empty file, no file, one in another folder, standard input', async () => {
    expect(await said('plan')).toContain('The configuration cannot be read. [HMA110]')
    expect(await said('plan')).toMatch(/There is no configuration in this file\. \[HMA110\] `hma init` /)
    await rm(join(here.directory, 'hma.config.yaml'))
    expect(await said('plan')).toContain('There is no hma.config.yaml in this folder. [HMA110] `hma init` ')
    await mkdir(join(here.directory, 'mail'))
    await here.write('mail/hma.config.yaml', yaml())
    expect(await said('plan')).toContain('There is one at mail/hma.config.yaml: name it with `-f mail/hma.config.yaml`')
    expect(await said('plan -f -')).toContain('from standard input. [HMA110] ')
    expect(await said('plan -f nowhere.yaml')).toContain('There is no such file or folder.')
  })

  test('hma.config.yml is one, too', async () => {
    await rm(join(here.directory, 'hma.config.yaml'))
    await here.write('hma.config.yml', yaml())
    expect((await here.hma('validate')).stdout).toBe('1 deployment in 1 file is valid.\n')
    expect((await here.hma('output --sandbox')).code).toBe(0)
  })

  test('hma graph --json is JSON', async () => {
    await here.write('hma.config.yaml', yaml())
    const graph: Record<string, readonly { address: string; after: readonly string[] }[]> = JSON.parse(
      (await here.hma('graph --json')).stdout,
    )
    expect(graph.contoso?.find(({ address }) => address === 'contoso/adminConsent')?.after).toContain('contoso/hmaApp')
  })
})
