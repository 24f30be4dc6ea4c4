/** How a problem is answered, in the form of each route's protocol. */
import { answer } from './answer.ts'
import type { RouteContext } from './context.ts'
import { PROBLEMS, type Problem } from './problems.ts'

/** The answer to a problem, in the form of the route's protocol. */
export function refusal(c: RouteContext, problem: Problem, headers: Record<string, string> = {}): Response {
  const { path } = c.req
  return path === '/v2' || path.startsWith('/v2/')
    ? protocolError(problem, headers)
    : problemDetails(problem, c.get('requestId'), headers)
}

/** Problem details; `type` is a stable place in the documentation. */
function problemDetails({ kind, detail }: Problem, requestId: string, headers: Record<string, string>): Response {
  const { status, title } = PROBLEMS[kind]
  const body = { type: `/docs#${kind}`, title, status, detail, requestId }
  return answer(JSON.stringify(body), { 'content-type': 'application/problem+json', ...headers }, status)
}

/** The Open Inference Protocol's form. */
function protocolError({ kind, detail }: Problem, headers: Record<string, string>): Response {
  const problem = PROBLEMS[kind]
  const status = 'protocolStatus' in problem ? problem.protocolStatus : problem.status
  return answer(JSON.stringify({ error: detail }), { 'content-type': 'application/json', ...headers }, status)
}
