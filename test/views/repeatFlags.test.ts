import { describe, expect, test } from 'vitest'
import { repeating } from '../../src/views/terminal/repeatFlags.ts'

const flags = (some: object) => ({ file: [], only: [], sandbox: false, ...some })

describe('a command in a hint repeats the flags of this run', () => {
  test.each([
    [{ sandbox: true }, 'Run `hma apply`.', 'Run `hma apply --sandbox`.'],
    [{ sandbox: true }, '`hma apply --yes --sandbox`', '`hma apply --yes --sandbox`'],
    [{ sandbox: true }, '`hma validate` shows them.', '`hma validate` shows them.'],
    [{ file: ['fleet', 'my files/a.yaml'] }, '`hma validate`', '`hma validate -f fleet -f "my files/a.yaml"`'],
    [{ file: ['a.yaml'] }, '`hma plan --file b.yaml`', '`hma plan --file b.yaml`'],
    [{ only: ['contoso*'], sandbox: true }, '`hma plan --out FILE`', '`hma plan --out FILE --sandbox --only "contoso*"`'],
    [{ only: ['!test-*', '{a,b}'] }, '`hma plan`', '`hma plan --only \'!test-*\' --only "{a,b}"`'],
    [{ file: ['C:\\mail\\a.yaml'] }, '`hma plan`', '`hma plan -f "C:\\mail\\a.yaml"`'],
    [{ file: ['a,b.yaml', '@c.yaml'] }, '`hma plan`', '`hma plan -f "a,b.yaml" -f "@c.yaml"`'],
    [{ sandbox: true, file: ['a.yaml'] }, '`hma init` and `hma help begin`', '`hma init --sandbox` and `hma help begin`'],
    [{ sandbox: true }, '`hma init --sandbox --yes`, `hma init --help`', '`hma init --sandbox --yes`, `hma init --help`'],
    [{ file: ['a.yaml'] }, '`hma init`', '`hma init`'],
    [{}, 'Run `hma apply`.', 'Run `hma apply`.'],
  ])('%j: %s', (given, text, expected) => {
    expect(repeating(flags(given))(text)).toBe(expected)
  })
})
