/** How much one request may ask for. */
export const LIMITS = {
  /** A 12-megapixel phone photo is 3 to 6 MB as JPEG; an isolate has 128 MB for everything. */
  bodyBytes: 8 * 2 ** 20,
  /** A batch of 128 takes a few milliseconds: enough to make the HTTP overhead small, short enough not to block others. */
  images: 128,
} as const
