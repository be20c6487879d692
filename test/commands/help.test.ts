import { describe, expect, test } from 'vitest'
import { topics } from '../../src/commands/commandLine/topics.ts'
import { errorCodes } from '../../src/core/errorCodes.ts'
import { run } from './runOverMapClouds.ts'

/** Every command that the help of hma as a whole lists. */
const commands =
  (await run('--help')).stdout
    .replace(/^[\s\S]*?\nCommands:\n/, '')
    .split('\nTopics')[0]
    ?.match(/^ {2}[a-z]+/gm)
    ?.map((name) => name.trim()) ?? []

describe('hma help', () => {
  test('knows every command, with examples that are command lines of it', async () => {
    expect(commands.length).toBeGreaterThan(15)
    for (const name of commands) {
      const { code, stdout } = await run(`help ${name}`)
      expect([name, code]).toEqual([name, 0])
      expect(stdout).toMatch(new RegExp(`^Usage: hma ${name}`))
      expect(stdout).toMatch(new RegExp(`\nExamples:\n  .*hma ${name}`))
      expect((await run(`${name} --help`)).stdout).toBe(stdout)
    }
    expect((await run('help sandbox advance')).stdout).toContain('hma sandbox advance 335d')
  })

  test('has topics that fit on a screen', async () => {
    for (const [name, { text }] of Object.entries(topics)) {
      expect(await run(`help ${name}`)).toMatchObject({ code: 0, stdout: text, stderr: '' })
      const lines = text.split('\n')
      expect([name, lines.length <= 24, lines.every((line) => line.length <= 80)]).toEqual([name, true, true])
    }
  })

  test('explains each error by its code, however it is typed', async () => {
    for (const code of errorCodes) expect((await run(`help ${code.toLowerCase()}`)).stdout).toMatch(new RegExp(`^${code}: `))
  })

  test('says what there is help on', async () => {
    const { code, stderr } = await run('help renewals')
    expect(code).toBe(1)
    expect(stderr).toContain('No help for "renewals"')
    expect(stderr).toContain('Topics: begin')
    expect(stderr).toContain('Did you mean `hma help renewal`?')
    expect((await run('help aply')).stderr).toContain('Did you mean `hma help apply`?')
    expect((await run('help nonsense')).stderr).not.toContain('Did you mean')
  })

  test('fits on 80 columns', async () => {
    for (const name of ['', ...commands, ...Object.keys(topics)]) {
      const lines = (await run(`help ${name}`)).stdout.split('\n')
      expect(lines.filter((line) => line.length > 80)).toEqual([])
    }
  })

  test('without a subject shows the main help', async () => {
    expect((await run('help')).stdout).toBe((await run('--help')).stdout)
  })
})
