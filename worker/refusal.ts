/** How a problem is answered, in the form of each route's protocol. */
import type { Answer } from './answer.ts'
import type { Exchange } from './context.ts'
import { PROBLEMS, type Problem } from './problems.ts'

/** The answer to a problem, in the form of the route's protocol. */
export function refusal({ path, requestId }: Exchange, problem: Problem, headers?: Answer['headers']): Answer {
  return path === '/v2' || path.startsWith('/v2/')
    ? protocolError(problem, headers)
    : problemDetails(problem, requestId, headers)
}

/** Problem details; `type` is a stable place in the documentation. */
function problemDetails({ kind, detail }: Problem, requestId: string, headers: Answer['headers']): Answer {
  const { status, title } = PROBLEMS[kind]
  const body = { type: `/docs#${kind}`, title, status, detail, requestId }
  return { status, body: JSON.stringify(body), type: 'application/problem+json', headers }
}

/** The Open Inference Protocol's form. */
function protocolError({ kind, detail }: Problem, headers: Answer['headers']): Answer {
  const problem = PROBLEMS[kind]
  const status = 'protocolStatus' in problem ? problem.protocolStatus : problem.status
  return { status, body: JSON.stringify({ error: detail }), type: 'application/json', headers }
}
