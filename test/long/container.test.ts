import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const lines = readFileSync(join(root, 'deploy/kubernetes/Containerfile'), 'utf8').split('\n')

/** One folder for each stage, in place of a file system; no container engine runs here, so its instructions are followed one by one. */
class Stages {
  readonly #scratch = mkdtempSync(join(tmpdir(), 'hma-container-'))
  readonly #folders = new Map<string, string>()
  #current = ''
  #work = '/'
  readonly settings: Record<string, string> = {}

  follow(line: string): void {
    const [, instruction = '', rest = ''] = /^([A-Z]+) (.*)$/.exec(line) ?? []
    if (instruction === 'FROM') this.#begin(/ AS (\w+)$/.exec(rest)?.[1] ?? 'final')
    else if (instruction === 'WORKDIR') this.#work = rest
    else if (instruction === 'COPY') this.#copy(rest.split(' '))
    else if (instruction === 'RUN') execFileSync('sh', ['-c', rest], { cwd: this.#path(this.#work), stdio: 'pipe' })
    else this.settings[instruction] = rest
  }

  path = (inside: string): string => this.#path(inside)
  remove = (): void => rmSync(this.#scratch, { recursive: true, force: true })

  #begin(name: string): void {
    this.#current = join(this.#scratch, name)
    this.#folders.set(name, this.#current)
    this.#work = '/'
  }

  #path(inside: string): string {
    const path = join(this.#current, inside)
    mkdirSync(dirname(path), { recursive: true })
    return path
  }

  #copy(words: string[]): void {
    const from = words[0]?.startsWith('--from=') ? this.#folders.get(words.shift()?.slice('--from='.length) ?? '') : root
    const target = words.pop() ?? ''
    for (const source of words) {
      const into = target.endsWith('/') ? join(target, basename(source)) : target
      cpSync(join(from ?? '', source), this.#path(into.startsWith('/') ? into : join(this.#work, into)), { recursive: true })
    }
  }
}

test('the Containerfile’s steps build a program that does the main job for an unprivileged user', {
  timeout: 600_000,
}, () => {
  const stages = new Stages()
  try {
    for (const line of lines.filter((one) => /^[A-Z]/.test(one))) stages.follow(line)
    const { ENTRYPOINT = '[]', USER } = stages.settings
    expect(USER).toBe('65532:65532')
    const [, ...program]: string[] = JSON.parse(ENTRYPOINT)
    const command = program.map((word) => (word.startsWith('/') ? stages.path(word) : word))
    const work = stages.path('/config')
    mkdirSync(work, { recursive: true })
    cpSync(join(root, 'hma.config.yaml'), join(work, 'hma.config.yaml'))
    const ended = spawnSync(process.execPath, [...command, 'apply', '--sandbox', '--yes'], {
      cwd: work,
      encoding: 'utf8',
    })
    expect(ended, ended.stderr).toMatchObject({ status: 0, stdout: expect.stringContaining('Applied: 11 done.') })
    const { components } = JSON.parse(readFileSync(stages.path('/hma/sbom.cdx.json'), 'utf8'))
    expect(components.length).toBeGreaterThan(50)
  } finally {
    stages.remove()
  }
})
