import { expect, test } from 'vitest'
import { schema } from '../../src/config/schema.ts'
import { reference } from './reference.ts'

test('docs/configuration.md is what the schema says (`npm run reference` writes it)', async () => {
  await expect(reference(schema)).toMatchFileSnapshot('../../docs/configuration.md')
})
