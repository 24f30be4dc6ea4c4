/**
 * Memory for arrays that live only until the next of their kind is made: to make a new one takes longer than most of
 * what is done with it.
 * @param kind of array
 * @returns gives an array of so many zeros, the same memory each time
 */
export function scratch<T extends Float32Array | Uint8Array | Int32Array>(
  kind: new (length: number) => T,
): (length: number) => T {
  let memory = new kind(0)
  return (length) => {
    if (memory.length < length) memory = new kind(2 * length)
    return memory.subarray(0, length).fill(0) as T
  }
}
