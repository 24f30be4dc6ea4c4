;; A Dense layer for one image: out = activation(x · kernel + bias). Inputs that are 0 cost nothing: four fifths of a
;; drawn digit's pixels, and half of what relu leaves. Works in the memory of TensorFlow.js's WASM backend, on its tensors.
;; The order of the sums is XNNPACK's, so the outputs are bit for bit those of the backend's own kernel.
;;
;; `npm run build:kernels` makes the .wasm of it.
(module
  (import "backend" "memory" (memory 0))

  ;; Everything but sizes is an address, of float32s unless it says otherwise. $list: room for 8 bytes an input, and for
  ;; 24 more; what is listed of an input that is not 0 is the address of its kernel row, and its value.
  (func (export "dense")
    (param $x i32) (param $inputs i32)
    (param $kernel i32)                   ;; inputs × units, row-major
    (param $bias i32) (param $units i32)
    (param $relu i32)                     ;; 1 or 0
    (param $out i32)
    (param $list i32)
    (local $row i32) (local $at i32)      ;; bytes of a kernel row, and where one begins
    (local $xEnd i32) (local $listEnd i32)
    (local $value f32)

    (local.set $row (i32.shl (local.get $units) (i32.const 2)))
    (local.set $at (local.get $kernel))
    ;; All inputs are written, and a 0 by the next one over: a branch would be guessed wrong at every edge of a stroke.
    (local.set $xEnd (i32.add (local.get $x) (i32.shl (local.get $inputs) (i32.const 2))))
    (local.set $listEnd (local.get $list))
    (loop $next
      (local.set $value (f32.load (local.get $x)))
      (i32.store (local.get $listEnd) (local.get $at))
      (f32.store offset=4 (local.get $listEnd) (local.get $value))
      (local.set $listEnd
        (i32.add (local.get $listEnd) (i32.shl (f32.ne (local.get $value) (f32.const 0)) (i32.const 3))))
      (local.set $at (i32.add (local.get $at) (local.get $row)))
      (local.set $x (i32.add (local.get $x) (i32.const 4)))
      (br_if $next (i32.lt_u (local.get $x) (local.get $xEnd))))
    (call $sum
      (local.get $list) (local.get $listEnd)
      (local.get $kernel) (local.get $bias) (local.get $units) (local.get $relu) (local.get $out)))

  ;; The same of bytes, which stand for the 256 float32s at $values, the first of them 0. $inputs: a multiple of 8.
  (func (export "denseOfBytes")
    (param $x i32)                        ;; of bytes
    (param $inputs i32)
    (param $kernel i32) (param $bias i32) (param $units i32) (param $relu i32) (param $out i32) (param $list i32)
    (param $values i32)
    (local $row i32) (local $at i32)
    (local $xEnd i32) (local $listEnd i32)
    (local $eight i64) (local $bit i64)   ;; eight bytes, and where in them the lowest begins that is not 0

    (local.set $row (i32.shl (local.get $units) (i32.const 2)))
    (local.set $at (local.get $kernel))
    (local.set $xEnd (i32.add (local.get $x) (local.get $inputs)))
    (local.set $listEnd (local.get $list))
    (loop $next
      (local.set $eight (i64.load align=1 (local.get $x)))
      (block $empty (loop $byte
        (br_if $empty (i64.eqz (local.get $eight)))
        (local.set $bit (i64.and (i64.ctz (local.get $eight)) (i64.const 56)))
        (i32.store (local.get $listEnd)
          (i32.add
            (local.get $at)
            (i32.mul (i32.shr_u (i32.wrap_i64 (local.get $bit)) (i32.const 3)) (local.get $row))))
        (f32.store offset=4 (local.get $listEnd)
          (f32.load
            (i32.add
              (local.get $values)
              (i32.shl
                (i32.and (i32.wrap_i64 (i64.shr_u (local.get $eight) (local.get $bit))) (i32.const 255))
                (i32.const 2)))))
        (local.set $listEnd (i32.add (local.get $listEnd) (i32.const 8)))
        (local.set $eight
          (i64.and (local.get $eight) (i64.shl (i64.const -256) (local.get $bit))))
        (br $byte)))
      (local.set $at (i32.add (local.get $at) (i32.shl (local.get $row) (i32.const 3))))
      (local.set $x (i32.add (local.get $x) (i32.const 8)))
      (br_if $next (i32.lt_u (local.get $x) (local.get $xEnd))))
    (call $sum
      (local.get $list) (local.get $listEnd)
      (local.get $kernel) (local.get $bias) (local.get $units) (local.get $relu) (local.get $out)))

  ;; activation(sum of values · rows + bias), of what is listed.
  (func $sum
    (param $list i32) (param $listEnd i32)
    (param $kernel i32) (param $bias i32) (param $units i32) (param $relu i32) (param $out i32)
    (local $row i32) (local $vectors i32) ;; bytes of a kernel row, and those of them that fill vectors
    (local $at i32)
    (local $column i32)                   ;; bytes into a row
    (local $kernelA i32) (local $kernelB i32) (local $kernelC i32) (local $kernelD i32)
    (local $a f32) (local $b f32) (local $c f32) (local $d f32)
    (local $as v128) (local $bs v128) (local $cs v128) (local $ds v128)

    (local.set $row (i32.shl (local.get $units) (i32.const 2)))
    (local.set $vectors (i32.and (local.get $row) (i32.const -16)))
    ;; Zeros fill the last four.
    (i32.store (local.get $listEnd) (local.get $kernel))
    (f32.store offset=4 (local.get $listEnd) (f32.const 0))
    (i32.store offset=8 (local.get $listEnd) (local.get $kernel))
    (f32.store offset=12 (local.get $listEnd) (f32.const 0))
    (i32.store offset=16 (local.get $listEnd) (local.get $kernel))
    (f32.store offset=20 (local.get $listEnd) (f32.const 0))

    (memory.copy (local.get $out) (local.get $bias) (local.get $row))

    ;; Four rows at a time, so that sums are loaded and stored once for four; each from end to end: that is how memory is
    ;; read ahead, and the weights are in no near cache.
    (block $summed (loop $four
      (br_if $summed (i32.ge_u (local.get $list) (local.get $listEnd)))
      (local.set $kernelA (i32.load (local.get $list)))
      (local.set $a (f32.load offset=4 (local.get $list)))
      (local.set $kernelB (i32.load offset=8 (local.get $list)))
      (local.set $b (f32.load offset=12 (local.get $list)))
      (local.set $kernelC (i32.load offset=16 (local.get $list)))
      (local.set $c (f32.load offset=20 (local.get $list)))
      (local.set $kernelD (i32.load offset=24 (local.get $list)))
      (local.set $d (f32.load offset=28 (local.get $list)))
      (local.set $list (i32.add (local.get $list) (i32.const 32)))
      (local.set $as (f32x4.splat (local.get $a)))
      (local.set $bs (f32x4.splat (local.get $b)))
      (local.set $cs (f32x4.splat (local.get $c)))
      (local.set $ds (f32x4.splat (local.get $d)))
      (local.set $column (i32.const 0))
      (block $done (loop $vector
        (br_if $done (i32.eq (local.get $column) (local.get $vectors)))
        (local.set $at (i32.add (local.get $out) (local.get $column)))
        (v128.store (local.get $at)
          (f32x4.add
            (f32x4.add
              (f32x4.add
                (f32x4.add
                  (v128.load (local.get $at))
                  (f32x4.mul (local.get $as) (v128.load (i32.add (local.get $kernelA) (local.get $column)))))
                (f32x4.mul (local.get $bs) (v128.load (i32.add (local.get $kernelB) (local.get $column)))))
              (f32x4.mul (local.get $cs) (v128.load (i32.add (local.get $kernelC) (local.get $column)))))
            (f32x4.mul (local.get $ds) (v128.load (i32.add (local.get $kernelD) (local.get $column))))))
        (local.set $column (i32.add (local.get $column) (i32.const 16)))
        (br $vector)))
      (block $done (loop $unit
        (br_if $done (i32.eq (local.get $column) (local.get $row)))
        (local.set $at (i32.add (local.get $out) (local.get $column)))
        (f32.store (local.get $at)
          (f32.add
            (f32.add
              (f32.add
                (f32.add
                  (f32.load (local.get $at))
                  (f32.mul (local.get $a) (f32.load (i32.add (local.get $kernelA) (local.get $column)))))
                (f32.mul (local.get $b) (f32.load (i32.add (local.get $kernelB) (local.get $column)))))
              (f32.mul (local.get $c) (f32.load (i32.add (local.get $kernelC) (local.get $column)))))
            (f32.mul (local.get $d) (f32.load (i32.add (local.get $kernelD) (local.get $column))))))
        (local.set $column (i32.add (local.get $column) (i32.const 4)))
        (br $unit)))
      (br $four)))

    (if (local.get $relu) (then
      (local.set $column (i32.const 0))
      (block $done (loop $vector
        (br_if $done (i32.eq (local.get $column) (local.get $vectors)))
        (local.set $at (i32.add (local.get $out) (local.get $column)))
        (v128.store (local.get $at) (f32x4.max (v128.load (local.get $at)) (v128.const f32x4 0 0 0 0)))
        (local.set $column (i32.add (local.get $column) (i32.const 16)))
        (br $vector)))
      (block $done (loop $unit
        (br_if $done (i32.eq (local.get $column) (local.get $row)))
        (local.set $at (i32.add (local.get $out) (local.get $column)))
        (f32.store (local.get $at) (f32.max (f32.load (local.get $at)) (f32.const 0)))
        (local.set $column (i32.add (local.get $column) (i32.const 4)))
        (br $unit)))))))
