/**
 * The few functions of training that IEEE 754 does not fix to the last bit, written out with +, −, × and ÷,
 * so that every machine computes the same weights.
 */

const LN2_HIGH = 0.6931471803691238
const LN2_LOW = 1.9082149292705877e-10
/** 1/n! for n = 0..13. */
const EXP_TERMS = [1]
for (let n = 1; n <= 13; n++) EXP_TERMS.push(EXP_TERMS[n - 1] / n)

/** 2^n for n = −1022..0; products of exact halves, so exact. */
const POWERS_OF_TWO = new Float64Array(1023)
POWERS_OF_TWO[0] = 1
for (let n = 1; n < 1023; n++) POWERS_OF_TWO[n] = POWERS_OF_TWO[n - 1] / 2

/** e^x for x ≤ 0, to about 1e-15; 0 below −700. */
export function expOfNegative(x: number): number {
  if (x < -700) return 0
  const n = Math.floor(0.5 - x * Math.LOG2E)
  const r = x + n * LN2_HIGH + n * LN2_LOW
  let sum = EXP_TERMS[13]
  for (let i = 12; i >= 0; i--) sum = sum * r + EXP_TERMS[i]
  return sum * POWERS_OF_TWO[n]
}
