import { appendFileSync } from 'node:fs'
import { relative } from 'node:path'
import fc from 'fast-check'
import { expect, inject } from 'vitest'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where every property is noted with the number of inputs that it was tried with, one JSON a line: `npm run inputs`. */
    inputs?: string
  }
}

const file = inject('inputs')

function note<Inputs>(run: fc.RunDetails<Inputs>): void {
  const { testPath = '', currentTestName = '' } = expect.getState()
  const [subject = ''] = currentTestName.split(' > ')
  const told = { file: relative('.', testPath), subject, inputs: run.numRuns, failed: run.failed }
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(told)}\n`)
  const message = fc.defaultReportMessage(run)
  if (run.failed) throw new Error(message, { cause: run.errorInstance })
}

fc.configureGlobal({ reporter: note })
