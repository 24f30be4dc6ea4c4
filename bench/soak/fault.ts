/** What is wrong with an answer. */
import { type Kind, NO_ANSWER } from './traffic.ts'

/**
 * @param first what a good request was answered with at first, when its digits were checked
 * @returns one line, or nothing where all is right
 */
export function faultOf(kind: Kind, status: number, body: Buffer, first: Buffer | undefined): string | undefined {
  const shown = `${body}`.slice(0, 200)
  if (!kind.statuses.includes(status)) {
    const found = status === NO_ANSWER ? 'no answer' : status
    return `${kind.name}: ${found}, not ${kind.statuses.join(' or ')}: ${shown}`
  }
  if (first !== undefined && !first.equals(body)) return `${kind.name}: another answer than at first: ${shown}`
}
