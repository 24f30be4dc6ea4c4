import { expect, test, vi } from 'vitest'
import { latestWins } from '../../web/latest.ts'

/** Work that ends when told to, and knows how much of it is under way. */
function manual() {
  const open: { finish: (answer: string) => void; signal: AbortSignal }[] = []
  const work = (signal: AbortSignal) => new Promise<string>((finish) => open.push({ finish, signal }))
  return { open, work }
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 5))

test('asks once more after the request under way, however often it was told', async () => {
  const { open, work } = manual()
  const shown: string[] = []
  const latest = latestWins(work, (answer) => shown.push(answer), 0)
  latest.ask()
  await settle()
  for (let i = 0; i < 50; i++) latest.ask()
  await settle()
  expect(open).toHaveLength(1)
  open[0].finish('first')
  await settle()
  expect(open).toHaveLength(2)
  open[1].finish('second')
  await settle()
  expect(open).toHaveLength(2)
  expect(shown).toEqual(['first', 'second'])
  expect(latest.busy()).toBe(false)
})

test('an answer to something that was dropped is not shown', async () => {
  const { open, work } = manual()
  const show = vi.fn()
  const latest = latestWins(work, show, 0)
  latest.ask()
  await settle()
  latest.drop()
  expect(open[0].signal.aborted).toBe(true)
  latest.ask()
  await settle()
  open[0].finish('stale')
  open[1].finish('fresh')
  await settle()
  expect(show.mock.calls).toEqual([['fresh']])
})

test('asks nothing while it is on hold', async () => {
  const { open, work } = manual()
  const latest = latestWins(work, () => {}, 0)
  latest.hold(60)
  latest.ask()
  await settle()
  expect(open).toHaveLength(0)
  expect(latest.busy()).toBe(true)
  await vi.waitFor(() => expect(open).toHaveLength(1))
})
