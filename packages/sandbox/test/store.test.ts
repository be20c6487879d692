import { expect, test } from 'vitest'
import { sharedSaves } from '../src/store.ts'

/** Saving a large world takes a while. */
const takes = (milliseconds: number): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)

test('requests that come while the file rests share one save, and none is answered before its change is in the file', async () => {
  let world = 0
  let file = 0
  let writes = 0
  const save = sharedSaves(() => {
    takes(20)
    file = world
    writes += 1
  })
  const change = async (): Promise<void> => {
    const mine = ++world
    await save()
    expect(file).toBeGreaterThanOrEqual(mine)
  }
  await Promise.all(Array.from({ length: 50 }, change))
  expect([file, writes]).toEqual([50, 2])
})

test('a failed save is reported to all waiting callers', async () => {
  const save = sharedSaves(() => {
    throw new Error('the disk is full')
  })
  await expect(save()).rejects.toThrow('the disk is full')
})
