/**
 * libwebp 1.4.0 as icodec builds it. The module was linked with Emscripten's bindings for C++ (embind), whose JavaScript
 * compiles functions from text, which Workers forbid, and is for one instance that is never given up. Of what it does,
 * `val decode(std::string)` needs this much. The names of one letter are those of icodec 0.6.0, to which package.json holds.
 * https://github.com/Kaciras/icodec/blob/master/cpp/webp_dec.cpp
 */
import { instantiate, refuse, type WasmModule } from './wasm.ts'

interface Instance {
  /** Memory. */
  readonly w: { readonly buffer: ArrayBuffer; grow(pages: number): number }
  /** Constructors of what is static; they register `decode` and look up the globals below. */
  x(): void
  /** The table of functions. */
  z: { get(index: number): (...args: number[]) => number }
  /** malloc. */
  A(bytes: number): number
}

/** What C++ holds for a JavaScript value. embind gives the first ten to undefined, null, true and false. */
const UNDEFINED = 2
const GLOBALS: Record<string, number> = { Uint8ClampedArray: 10, _icodec_ImageData: 12 }
const PIXELS = 14
const PICTURE = 16

/** A wire's place in the arguments of a call is so many bytes wide. */
const ARGUMENT = 8
const PAGE = 2 ** 16

/**
 * Decodes a whole WebP file.
 * @param module `icodec/webp-dec.wasm`; each call makes an instance of its own
 * @param receive is called with width × height × 4 bytes, RGBA, which are valid only meanwhile
 * @returns the picture's size; nothing where libwebp refuses the file. Throws where it gives up.
 */
export function decodeRgba(
  module: WasmModule,
  bytes: Uint8Array,
  receive: (pixels: Uint8Array) => void,
): { width: number; height: number } | undefined {
  let invoker = 0
  let decoder = 0
  let size: { width: number; height: number } | undefined
  const ignore = () => {}
  const words = () => new Uint32Array(instance.w.buffer)

  const registerFunction = (
    _name: number,
    _count: number,
    _types: number,
    _signature: number,
    call: number,
    f: number,
  ) => {
    invoker = call
    decoder = f
  }
  const getGlobal = (name: number) => {
    const text = new Uint8Array(instance.w.buffer, name)
    const letters = text.subarray(0, text.indexOf(0))
    return GLOBALS[String.fromCharCode(...letters)] ?? UNDEFINED
  }
  /** `new Uint8ClampedArray(view)`, then `_icodec_ImageData(pixels, width, height, depth)`. */
  const call = (_caller: number, callee: number, _destructors: number, args: number): number => {
    if (callee === GLOBALS.Uint8ClampedArray) {
      const [length, address] = words().subarray(args / 4)
      receive(new Uint8Array(instance.w.buffer, address, length))
      return PIXELS
    }
    if (callee !== GLOBALS._icodec_ImageData) throw new Error('the decoder calls what it was not given')
    const at = (index: number) => words()[(args + index * ARGUMENT) / 4]
    size = { width: at(1), height: at(2) }
    return PICTURE
  }
  const resize = (wanted: number) => {
    const missing = Math.ceil((wanted - instance.w.buffer.byteLength) / PAGE)
    try {
      instance.w.grow(missing)
      return 1
    } catch {
      return 0
    }
  }
  const copy = (to: number, from: number, length: number) => {
    new Uint8Array(instance.w.buffer).copyWithin(to, from, from + length)
  }

  const instance = instantiate<Instance>(module, {
    a: {
      // _embind_register_function, …_get_global, …_call, …_get_method_caller
      j: registerFunction,
      e: getGlobal,
      i: call,
      h: () => 0,
      // _emscripten_memcpy_js, _emscripten_resize_heap, _setitimer_js
      t: copy,
      s: resize,
      r: () => 0,
      // Types, reference counts and destructors, of which nothing outlives the instance.
      ...Object.fromEntries([...'olvkbafdmqcng'].map((name) => [name, ignore])),
      // abort, proc_exit
      ...refuse('u', 'p'),
    },
  })
  instance.x()
  // A std::string travels as its length and its bytes.
  const text = instance.A(4 + bytes.length)
  if (text === 0) throw new Error('there is no room for the file')
  words()[text / 4] = bytes.length
  new Uint8Array(instance.w.buffer, text + 4, bytes.length).set(bytes)
  instance.z.get(invoker)(decoder, text)
  return size
}
