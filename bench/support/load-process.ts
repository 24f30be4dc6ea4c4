/** The load generator's process: autocannon, asked for one burst after the other by messages. */
import autocannon from 'autocannon'
import type { Burst, BurstRequest } from './load.ts'
import { quantile } from './statistics.ts'

process.on('message', async (request: BurstRequest) => process.send!(await shoot(request)))

async function shoot({ body, amount, seconds, ...request }: BurstRequest): Promise<Burst> {
  const latencies: number[] = []
  let began = 0
  let ended = 0
  let refused = 0
  const cpu = process.cpuUsage()
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const options: autocannon.Options = {
      ...request,
      ...(amount === undefined ? { duration: seconds } : { amount }),
      body: Buffer.from(body),
      timeout: 60,
      // Milliseconds between its looks whether it is done. Its own latencies are whole milliseconds and not used.
      sampleInt: 20,
    }
    const instance = autocannon(options, (error, result) => (error ? reject(error) : resolve(result)))
    instance.once('start', () => {
      began = performance.now()
    })
    instance.on('response', (_client, status, _bytes, milliseconds) => {
      ended = performance.now()
      latencies.push(milliseconds)
      if (status < 200 || status > 299) refused++
    })
  })
  const { user, system } = process.cpuUsage(cpu)
  const took = (ended - began) / 1000
  return {
    responses: latencies.length,
    seconds: took,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
    failures: refused + result.errors + result.timeouts,
    generatorBusy: (user + system) / 1e6 / took,
  }
}
