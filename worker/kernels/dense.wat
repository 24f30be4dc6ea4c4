;; A Dense layer for one image: out = activation(x · kernel + bias). Inputs that are 0 cost nothing: four fifths of a
;; drawn digit's pixels, and half of what relu leaves. Works in the memory of TensorFlow.js's WASM backend, on its tensors.
;; The order of the sums is XNNPACK's, so the outputs are bit for bit those of the backend's own kernel.
;;
;; `npm run build:kernel` makes the .wasm of it.
(module
  (import "backend" "memory" (memory 0))

  ;; Everything but sizes is an address of float32s. $list: room for 8 bytes an input.
  (func (export "dense")
    (param $x i32) (param $inputs i32)
    (param $kernel i32)                   ;; inputs × units, row-major
    (param $bias i32) (param $units i32)
    (param $relu i32)                     ;; 1 or 0
    (param $out i32)
    (param $list i32)
    (local $row i32) (local $xEnd i32)    ;; bytes of a kernel row; where x ends
    (local $entry i32) (local $listEnd i32)
    (local $column i32) (local $at i32)   ;; bytes into a row
    (local $value f32) (local $least f32)
    (local $v v128) (local $floor v128)
    (local $s0 v128) (local $s1 v128) (local $s2 v128) (local $s3 v128)
    (local $s4 v128) (local $s5 v128) (local $s6 v128) (local $s7 v128)

    (local.set $row (i32.shl (local.get $units) (i32.const 2)))
    (local.set $least (select (f32.const 0) (f32.const -inf) (local.get $relu)))
    (local.set $floor (f32x4.splat (local.get $least)))

    ;; List the inputs that are not 0: the address of their kernel row, and the value.
    (local.set $xEnd (i32.add (local.get $x) (i32.shl (local.get $inputs) (i32.const 2))))
    (local.set $listEnd (local.get $list))
    (loop $next
      (local.set $value (f32.load (local.get $x)))
      (if (f32.ne (local.get $value) (f32.const 0)) (then
        (i32.store (local.get $listEnd) (local.get $kernel))
        (f32.store offset=4 (local.get $listEnd) (local.get $value))
        (local.set $listEnd (i32.add (local.get $listEnd) (i32.const 8)))))
      (local.set $kernel (i32.add (local.get $kernel) (local.get $row)))
      (local.set $x (i32.add (local.get $x) (i32.const 4)))
      (br_if $next (i32.lt_u (local.get $x) (local.get $xEnd))))

    ;; 32 units at a time, their sums in registers.
    (if (i32.ge_u (local.get $units) (i32.const 32)) (then
      (loop $block
        (local.set $at (i32.add (local.get $bias) (local.get $column)))
        (local.set $s0 (v128.load (local.get $at)))
        (local.set $s1 (v128.load offset=16 (local.get $at)))
        (local.set $s2 (v128.load offset=32 (local.get $at)))
        (local.set $s3 (v128.load offset=48 (local.get $at)))
        (local.set $s4 (v128.load offset=64 (local.get $at)))
        (local.set $s5 (v128.load offset=80 (local.get $at)))
        (local.set $s6 (v128.load offset=96 (local.get $at)))
        (local.set $s7 (v128.load offset=112 (local.get $at)))
        (local.set $entry (local.get $list))
        (block $summed (loop $input
          (br_if $summed (i32.eq (local.get $entry) (local.get $listEnd)))
          (local.set $at (i32.add (i32.load (local.get $entry)) (local.get $column)))
          (local.set $v (v128.load32_splat offset=4 (local.get $entry)))
          (local.set $s0 (f32x4.add (local.get $s0) (f32x4.mul (local.get $v) (v128.load (local.get $at)))))
          (local.set $s1 (f32x4.add (local.get $s1) (f32x4.mul (local.get $v) (v128.load offset=16 (local.get $at)))))
          (local.set $s2 (f32x4.add (local.get $s2) (f32x4.mul (local.get $v) (v128.load offset=32 (local.get $at)))))
          (local.set $s3 (f32x4.add (local.get $s3) (f32x4.mul (local.get $v) (v128.load offset=48 (local.get $at)))))
          (local.set $s4 (f32x4.add (local.get $s4) (f32x4.mul (local.get $v) (v128.load offset=64 (local.get $at)))))
          (local.set $s5 (f32x4.add (local.get $s5) (f32x4.mul (local.get $v) (v128.load offset=80 (local.get $at)))))
          (local.set $s6 (f32x4.add (local.get $s6) (f32x4.mul (local.get $v) (v128.load offset=96 (local.get $at)))))
          (local.set $s7 (f32x4.add (local.get $s7) (f32x4.mul (local.get $v) (v128.load offset=112 (local.get $at)))))
          (local.set $entry (i32.add (local.get $entry) (i32.const 8)))
          (br $input)))
        (local.set $at (i32.add (local.get $out) (local.get $column)))
        (v128.store (local.get $at) (f32x4.max (local.get $s0) (local.get $floor)))
        (v128.store offset=16 (local.get $at) (f32x4.max (local.get $s1) (local.get $floor)))
        (v128.store offset=32 (local.get $at) (f32x4.max (local.get $s2) (local.get $floor)))
        (v128.store offset=48 (local.get $at) (f32x4.max (local.get $s3) (local.get $floor)))
        (v128.store offset=64 (local.get $at) (f32x4.max (local.get $s4) (local.get $floor)))
        (v128.store offset=80 (local.get $at) (f32x4.max (local.get $s5) (local.get $floor)))
        (v128.store offset=96 (local.get $at) (f32x4.max (local.get $s6) (local.get $floor)))
        (v128.store offset=112 (local.get $at) (f32x4.max (local.get $s7) (local.get $floor)))
        (local.set $column (i32.add (local.get $column) (i32.const 128)))
        (br_if $block (i32.le_u (i32.add (local.get $column) (i32.const 128)) (local.get $row)))
        ;; The last block reaches back over units that are done: they come out the same again.
        (if (i32.lt_u (local.get $column) (local.get $row)) (then
          (local.set $column (i32.sub (local.get $row) (i32.const 128)))
          (br $block))))
      (return)))

    ;; Fewer than 32: one at a time.
    (loop $unit
      (local.set $value (f32.load (i32.add (local.get $bias) (local.get $column))))
      (local.set $entry (local.get $list))
      (block $summed (loop $input
        (br_if $summed (i32.eq (local.get $entry) (local.get $listEnd)))
        (local.set $at (i32.add (i32.load (local.get $entry)) (local.get $column)))
        (local.set $value (f32.add (local.get $value)
          (f32.mul (f32.load offset=4 (local.get $entry)) (f32.load (local.get $at)))))
        (local.set $entry (i32.add (local.get $entry) (i32.const 8)))
        (br $input)))
      (f32.store (i32.add (local.get $out) (local.get $column)) (f32.max (local.get $value) (local.get $least)))
      (local.set $column (i32.add (local.get $column) (i32.const 4)))
      (br_if $unit (i32.lt_u (local.get $column) (local.get $row))))))
