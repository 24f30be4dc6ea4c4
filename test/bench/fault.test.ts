import { expect, test } from 'vitest'
import { faultOf } from '../../bench/soak/fault.ts'
import type { Kind } from '../../bench/soak/traffic.ts'

const kind: Kind = { name: 'PNG', weight: 1, statuses: [200], digits: '7', make: () => ({ path: '/' }) }
const answer = Buffer.from('{"digit":7}')
const other = Buffer.from('{"digit":1}')

test.each<[string, number, Buffer, Buffer | undefined, string | undefined]>([
  ['the answer of the first time', 200, answer, answer, undefined],
  ['another answer', 200, other, answer, 'PNG: another answer than at first: {"digit":1}'],
  ['a 5xx', 503, other, answer, 'PNG: 503, not 200: {"digit":1}'],
  ['a status that is not expected', 422, other, undefined, 'PNG: 422, not 200: {"digit":1}'],
  ['no answer', 0, Buffer.from('closed'), answer, 'PNG: no answer, not 200: closed'],
])('%s', (_, status, body, first, fault) => {
  expect(faultOf(kind, status, body, first)).toBe(fault)
})
