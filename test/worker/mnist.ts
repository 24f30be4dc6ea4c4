/** The 10,000 MNIST test images inside workerd. */
import { env } from 'cloudflare:workers'

const bound = env as unknown as { MNIST_TEST_IMAGES: ArrayBuffer; MNIST_TEST_LABELS: ArrayBuffer }

/** 10,000 × 784 bytes, 0..255, light ink on dark. */
export const images = new Uint8Array(bound.MNIST_TEST_IMAGES, 16)
export const labels = new Uint8Array(bound.MNIST_TEST_LABELS, 8)

/** The bytes of `count` test images from index `start`. */
export const digits = (start: number, count = 1) => images.slice(start * 784, (start + count) * 784)
