import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import type { World } from '../../packages/sandbox/src/azure.ts'
import { yaml } from './deployment.ts'
import { type Workplace, workplace } from './hma.ts'
import { compiled, type Program, type Running, type Starting } from './program.ts'

/** The installed program, and a new workplace with one deployment for each test. */
export interface ProgramInWorkplace {
  readonly here: Workplace
  readonly worldFile: string
  /** The file that Node runs. */
  readonly script: string
  start(line: string, options?: Partial<Starting>): Running
  /** The sandbox's world as the program stored it. */
  world(): Promise<World>
}

/** Called once in a test file: registers the hooks that build the program and make the workplaces. */
export function programInWorkplace(): ProgramInWorkplace {
  let program: Program
  let here: Workplace
  beforeAll(async () => {
    program = await compiled()
  })
  afterAll(() => program.remove())
  beforeEach(async () => {
    here = await workplace(yaml())
  })
  afterEach(() => here.leave())
  const worldFile = (): string => join(here.directory, '.hma', 'sandbox.json')
  return {
    get here() {
      return here
    },
    get worldFile() {
      return worldFile()
    },
    get script() {
      return program.script
    },
    start: (line, options = {}) => program.start(line, { directory: here.directory, ...options }),
    world: async () => JSON.parse(await readFile(worldFile(), 'utf8')),
  }
}
