import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { render } from '../../src/config/diagnostic.ts'
import { load } from '../../src/config/load.ts'
import { folder, valid } from './folder.ts'

/** Characters with a meaning to YAML and hma, and some without. */
const piece = fc.oneof(
  fc.constantFrom(...'\n\t :-?[]{},&*!|>\'"%#@`~<$=.0a\r\u0000\ufeff\ud83d'),
  fc.constantFrom(
    '---\n',
    '...\n',
    '<<: ',
    '&a ',
    '*a ',
    '!!map ',
    '%YAML 1.1\n',
    `$\{A}`,
    '${',
    '$${',
    '__proto__: ',
    'null',
    '1e999',
  ),
  fc.constantFrom(
    'name: ',
    'cloud: ',
    'auth: ',
    'keyVault:\n  ',
    'create: ',
    'dynamics: ',
    'mailboxes:\n    - ',
    'certificate:\n  source: csr\n',
  ),
  fc.string({ unit: 'binary', maxLength: 5 }),
)

const anyText = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(''))

/** A valid document with something removed or inserted. */
const damaged = fc
  .tuple(fc.nat({ max: valid.length }), fc.nat({ max: 30 }), anyText)
  .map(([at, cut, text]) => valid.slice(0, at) + text + valid.slice(at + cut))

it('load turns any text into deployments or at least one error that can be shown', async () => {
  const directory = await folder({})
  const file = join(directory, 'hma.config.yaml')
  await fc.assert(
    fc.asyncProperty(fc.oneof(anyText, damaged), async (text) => {
      await writeFile(file, text)
      const { deployments, diagnostics } = await load({ files: [], env: { A: 'value' }, directory })
      const lines = text.split(/\r\n|\n|\r/).length
      expect(deployments.length > 0 || diagnostics.some(({ severity }) => severity === 'error')).toBe(true)
      for (const one of diagnostics) {
        expect(one.line).toBeLessThanOrEqual(lines + 1)
        expect(render(one)).toContain(one.severity)
      }
    }),
    { numRuns: 1500 },
  )
  expect({}).not.toHaveProperty('polluted')
})
