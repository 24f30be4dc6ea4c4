/** How much one request may ask for. */
export const LIMITS = {
  /** A 12-megapixel phone photo is 3 to 6 MB as JPEG; an isolate has 128 MB for everything. */
  bodyBytes: 8 * 2 ** 20,
  /**
   * Read of a refused body, so that its sender sees why: four times what is accepted covers photos that were sent as they
   * are and batches cut wrongly; who sends more has to look at the limits first.
   */
  discardedBytes: 32 * 2 ** 20,
  /** Time for that: 8 MiB beyond the limit within it is 7 Mbit/s. */
  discardedMilliseconds: 10_000,
  /** A batch of 128 takes a few milliseconds: enough to make the HTTP overhead small, short enough not to block others. */
  images: 128,
  /**
   * Pixels of all pictures of a request together, by their headers: what phones call 12 megapixels is up to 4080×3072.
   * A few kilobytes can declare any number of them, so this and not the body's size is what bounds the work.
   */
  pixels: 12 * 2 ** 20,
  /** Longest request id taken over from the client: a UUID or a trace id fits, a novel in the logs does not. */
  requestIdLength: 128,
} as const
