/** The floor: a Worker that only reads the body and answers. `/300` answers with 300 bytes of JSON. */
const answers = new Map<string, string>()

export default {
  async fetch(request: Request): Promise<Response> {
    await request.arrayBuffer()
    return new Response(answerFor(request.url), { headers: { 'content-type': 'application/json' } })
  },
}

function answerFor(url: string): string {
  let answer = answers.get(url)
  if (answer === undefined) {
    answer = JSON.stringify('0'.repeat(Number(url.slice(url.lastIndexOf('/') + 1)) - 2))
    answers.set(url, answer)
  }
  return answer
}
