/** The bindings that vitest.config.ts adds for the tests. */
declare namespace Cloudflare {
  interface Env {
    MNIST_TEST_IMAGES: ArrayBuffer
    MNIST_TEST_LABELS: ArrayBuffer
  }
}
