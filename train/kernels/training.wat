;; The arithmetic of training, on tensors in the memory of TensorFlow.js's WASM backend. Every sum is taken in a fixed order
;; with single multiplications and additions, so that it has the same bits on every machine.
;;
;; `npm run build:kernels` makes the .wasm of it.
(module
  (import "backend" "memory" (memory 0))

  ;; out = activation(x · kernel + bias) for a matrix x whose zeros cost nothing: most of a digit's pixels, and half or more
  ;; of what relu leaves. x may lie in memory as it is or transposed, by the two steps between its values. Each sum begins
  ;; with the bias and goes through the inputs in order, as XNNPACK's do. Addresses, steps and rows are in bytes.
  (func (export "product")
    (param $x i32) (param $count i32) (param $countStep i32)    ;; rows of x, and from one to the next
    (param $inputs i32) (param $inputStep i32)                  ;; columns of x, and from one to the next
    (param $kernel i32) (param $units i32)                      ;; inputs × units float32s
    (param $bias i32)                                           ;; units float32s, or 0 for none
    (param $relu i32)                                           ;; 1 or 0
    (param $out i32)                                            ;; count × units float32s
    (param $list i32)                                           ;; room for 8 bytes an input, and for 8 more
    (local $row i32) (local $end i32) (local $column i32) (local $last i32)
    (local.set $row (i32.shl (local.get $units) (i32.const 2)))
    (block $done (loop $rows
      (br_if $done (i32.eqz (local.get $count)))
      (local.set $end
        (call $list (local.get $x) (local.get $inputs) (local.get $inputStep) (local.get $kernel) (local.get $row)
          (local.get $list)))
      (local.set $column (i32.const 0))
      ;; Blocks of 32 columns; the last begins so that it ends with the row, and makes some columns twice.
      (if (i32.ge_u (local.get $row) (i32.const 128)) (then
        (local.set $last (i32.sub (local.get $row) (i32.const 128)))
        (loop $blocks
          (call $columns32 (local.get $list) (local.get $end) (local.get $column) (local.get $bias) (local.get $relu)
            (local.get $out))
          (if (i32.lt_u (local.get $column) (local.get $last)) (then
            (local.set $column (i32.add (local.get $column) (i32.const 128)))
            (if (i32.gt_u (local.get $column) (local.get $last)) (then (local.set $column (local.get $last))))
            (br $blocks)))))
      (else (loop $single
        (call $column1 (local.get $list) (local.get $end) (local.get $column) (local.get $bias) (local.get $relu)
          (local.get $out))
        (local.set $column (i32.add (local.get $column) (i32.const 4)))
        (br_if $single (i32.lt_u (local.get $column) (local.get $row))))))
      (local.set $x (i32.add (local.get $x) (local.get $countStep)))
      (local.set $out (i32.add (local.get $out) (local.get $row)))
      (local.set $count (i32.sub (local.get $count) (i32.const 1)))
      (br $rows))))

  ;; Lists the values that are not 0: the address of their kernel row, and the value. All are written, and a 0 by the next
  ;; one over: a branch would be guessed wrong at every edge of a stroke. Returns the list's end.
  (func $list
    (param $x i32) (param $inputs i32) (param $step i32) (param $kernel i32) (param $row i32) (param $end i32)
    (result i32)
    (local $value f32)
    (loop $next
      (local.set $value (f32.load (local.get $x)))
      (i32.store (local.get $end) (local.get $kernel))
      (f32.store offset=4 (local.get $end) (local.get $value))
      (local.set $end
        (i32.add (local.get $end) (i32.shl (f32.ne (local.get $value) (f32.const 0)) (i32.const 3))))
      (local.set $kernel (i32.add (local.get $kernel) (local.get $row)))
      (local.set $x (i32.add (local.get $x) (local.get $step)))
      (local.set $inputs (i32.sub (local.get $inputs) (i32.const 1)))
      (br_if $next (local.get $inputs)))
    (local.get $end))

  ;; 32 columns of one row of `product`, summed in registers.
  (func $columns32
    (param $list i32) (param $end i32) (param $column i32) (param $bias i32) (param $relu i32) (param $out i32)
    (local $at i32) (local $x v128)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (local $e v128) (local $f v128) (local $g v128) (local $h v128)
    (if (local.get $bias) (then
      (local.set $at (i32.add (local.get $bias) (local.get $column)))
      (local.set $a (v128.load (local.get $at)))
      (local.set $b (v128.load offset=16 (local.get $at)))
      (local.set $c (v128.load offset=32 (local.get $at)))
      (local.set $d (v128.load offset=48 (local.get $at)))
      (local.set $e (v128.load offset=64 (local.get $at)))
      (local.set $f (v128.load offset=80 (local.get $at)))
      (local.set $g (v128.load offset=96 (local.get $at)))
      (local.set $h (v128.load offset=112 (local.get $at)))))
    (block $summed (loop $next
      (br_if $summed (i32.eq (local.get $list) (local.get $end)))
      (local.set $at (i32.add (i32.load (local.get $list)) (local.get $column)))
      (local.set $x (v128.load32_splat offset=4 (local.get $list)))
      (local.set $list (i32.add (local.get $list) (i32.const 8)))
      (local.set $a (f32x4.add (local.get $a) (f32x4.mul (local.get $x) (v128.load (local.get $at)))))
      (local.set $b (f32x4.add (local.get $b) (f32x4.mul (local.get $x) (v128.load offset=16 (local.get $at)))))
      (local.set $c (f32x4.add (local.get $c) (f32x4.mul (local.get $x) (v128.load offset=32 (local.get $at)))))
      (local.set $d (f32x4.add (local.get $d) (f32x4.mul (local.get $x) (v128.load offset=48 (local.get $at)))))
      (local.set $e (f32x4.add (local.get $e) (f32x4.mul (local.get $x) (v128.load offset=64 (local.get $at)))))
      (local.set $f (f32x4.add (local.get $f) (f32x4.mul (local.get $x) (v128.load offset=80 (local.get $at)))))
      (local.set $g (f32x4.add (local.get $g) (f32x4.mul (local.get $x) (v128.load offset=96 (local.get $at)))))
      (local.set $h (f32x4.add (local.get $h) (f32x4.mul (local.get $x) (v128.load offset=112 (local.get $at)))))
      (br $next)))
    (if (local.get $relu) (then
      (local.set $x (v128.const f32x4 0 0 0 0))
      (local.set $a (f32x4.max (local.get $a) (local.get $x)))
      (local.set $b (f32x4.max (local.get $b) (local.get $x)))
      (local.set $c (f32x4.max (local.get $c) (local.get $x)))
      (local.set $d (f32x4.max (local.get $d) (local.get $x)))
      (local.set $e (f32x4.max (local.get $e) (local.get $x)))
      (local.set $f (f32x4.max (local.get $f) (local.get $x)))
      (local.set $g (f32x4.max (local.get $g) (local.get $x)))
      (local.set $h (f32x4.max (local.get $h) (local.get $x)))))
    (local.set $at (i32.add (local.get $out) (local.get $column)))
    (v128.store (local.get $at) (local.get $a))
    (v128.store offset=16 (local.get $at) (local.get $b))
    (v128.store offset=32 (local.get $at) (local.get $c))
    (v128.store offset=48 (local.get $at) (local.get $d))
    (v128.store offset=64 (local.get $at) (local.get $e))
    (v128.store offset=80 (local.get $at) (local.get $f))
    (v128.store offset=96 (local.get $at) (local.get $g))
    (v128.store offset=112 (local.get $at) (local.get $h)))

  ;; One column of one row of `product`.
  (func $column1
    (param $list i32) (param $end i32) (param $column i32) (param $bias i32) (param $relu i32) (param $out i32)
    (local $a f32)
    (if (local.get $bias) (then (local.set $a (f32.load (i32.add (local.get $bias) (local.get $column))))))
    (block $summed (loop $next
      (br_if $summed (i32.eq (local.get $list) (local.get $end)))
      (local.set $a
        (f32.add
          (local.get $a)
          (f32.mul
            (f32.load offset=4 (local.get $list))
            (f32.load (i32.add (i32.load (local.get $list)) (local.get $column))))))
      (local.set $list (i32.add (local.get $list) (i32.const 8)))
      (br $next)))
    (if (local.get $relu) (then (local.set $a (f32.max (local.get $a) (f32.const 0)))))
    (f32.store (i32.add (local.get $out) (local.get $column)) (local.get $a)))

  ;; Sets $values to 0 where $active is not above 0, as the gradient of relu is. $bytes: of float32s in each.
  (func (export "whereActive") (param $values i32) (param $active i32) (param $bytes i32)
    (local $end i32) (local $vectors i32)
    (local.set $end (i32.add (local.get $values) (local.get $bytes)))
    (local.set $vectors (i32.add (local.get $values) (i32.and (local.get $bytes) (i32.const -16))))
    (block $done (loop $vector
      (br_if $done (i32.eq (local.get $values) (local.get $vectors)))
      (v128.store (local.get $values)
        (v128.and
          (v128.load (local.get $values))
          (f32x4.gt (v128.load (local.get $active)) (v128.const f32x4 0 0 0 0))))
      (local.set $values (i32.add (local.get $values) (i32.const 16)))
      (local.set $active (i32.add (local.get $active) (i32.const 16)))
      (br $vector)))
    (block $done (loop $single
      (br_if $done (i32.eq (local.get $values) (local.get $end)))
      (if (i32.eqz (f32.gt (f32.load (local.get $active)) (f32.const 0)))
        (then (f32.store (local.get $values) (f32.const 0))))
      (local.set $values (i32.add (local.get $values) (i32.const 4)))
      (local.set $active (i32.add (local.get $active) (i32.const 4)))
      (br $single))))

  ;; One step of AdamW (Loshchilov and Hutter, 2019) on $bytes of parameters, their gradient and its two moments:
  ;; $mean = b1 · $mean + a1 · gradient, $square = b2 · $square + a2 · gradient²,
  ;; parameters = keep · parameters − rate · $mean / (√(scale · $square) + 10⁻⁸).
  (func (export "adamw")
    (param $parameters i32) (param $gradient i32) (param $mean i32) (param $square i32) (param $bytes i32)
    (param $b1 f32) (param $a1 f32) (param $b2 f32) (param $a2 f32)
    (param $rate f32) (param $scale f32) (param $keep f32)
    (local $end i32) (local $vectors i32) (local $gs v128) (local $ms v128) (local $vs v128)
    (local $g f32) (local $m f32) (local $v f32)
    (local.set $end (i32.add (local.get $parameters) (local.get $bytes)))
    (local.set $vectors (i32.add (local.get $parameters) (i32.and (local.get $bytes) (i32.const -16))))
    (block $done (loop $vector
      (br_if $done (i32.eq (local.get $parameters) (local.get $vectors)))
      (local.set $gs (v128.load (local.get $gradient)))
      (local.set $ms
        (f32x4.add
          (f32x4.mul (f32x4.splat (local.get $b1)) (v128.load (local.get $mean)))
          (f32x4.mul (f32x4.splat (local.get $a1)) (local.get $gs))))
      (local.set $vs
        (f32x4.add
          (f32x4.mul (f32x4.splat (local.get $b2)) (v128.load (local.get $square)))
          (f32x4.mul (f32x4.splat (local.get $a2)) (f32x4.mul (local.get $gs) (local.get $gs)))))
      (v128.store (local.get $mean) (local.get $ms))
      (v128.store (local.get $square) (local.get $vs))
      (v128.store (local.get $parameters)
        (f32x4.sub
          (f32x4.mul (f32x4.splat (local.get $keep)) (v128.load (local.get $parameters)))
          (f32x4.div
            (f32x4.mul (f32x4.splat (local.get $rate)) (local.get $ms))
            (f32x4.add
              (f32x4.sqrt (f32x4.mul (f32x4.splat (local.get $scale)) (local.get $vs)))
              (v128.const f32x4 1e-8 1e-8 1e-8 1e-8)))))
      (local.set $parameters (i32.add (local.get $parameters) (i32.const 16)))
      (local.set $gradient (i32.add (local.get $gradient) (i32.const 16)))
      (local.set $mean (i32.add (local.get $mean) (i32.const 16)))
      (local.set $square (i32.add (local.get $square) (i32.const 16)))
      (br $vector)))
    (block $done (loop $single
      (br_if $done (i32.eq (local.get $parameters) (local.get $end)))
      (local.set $g (f32.load (local.get $gradient)))
      (local.set $m
        (f32.add (f32.mul (local.get $b1) (f32.load (local.get $mean))) (f32.mul (local.get $a1) (local.get $g))))
      (local.set $v
        (f32.add
          (f32.mul (local.get $b2) (f32.load (local.get $square)))
          (f32.mul (local.get $a2) (f32.mul (local.get $g) (local.get $g)))))
      (f32.store (local.get $mean) (local.get $m))
      (f32.store (local.get $square) (local.get $v))
      (f32.store (local.get $parameters)
        (f32.sub
          (f32.mul (local.get $keep) (f32.load (local.get $parameters)))
          (f32.div
            (f32.mul (local.get $rate) (local.get $m))
            (f32.add (f32.sqrt (f32.mul (local.get $scale) (local.get $v))) (f32.const 1e-8)))))
      (local.set $parameters (i32.add (local.get $parameters) (i32.const 4)))
      (local.set $gradient (i32.add (local.get $gradient) (i32.const 4)))
      (local.set $mean (i32.add (local.get $mean) (i32.const 4)))
      (local.set $square (i32.add (local.get $square) (i32.const 4)))
      (br $single))))

  ;; average = average + share · (values − average), in double precision. $bytes: of float32s in each.
  (func (export "average") (param $average i32) (param $values i32) (param $bytes i32) (param $share f64)
    (local $end i32) (local $pairs i32) (local $as v128) (local $a f64)
    (local.set $end (i32.add (local.get $average) (local.get $bytes)))
    (local.set $pairs (i32.add (local.get $average) (i32.and (local.get $bytes) (i32.const -8))))
    (block $done (loop $pair
      (br_if $done (i32.eq (local.get $average) (local.get $pairs)))
      (local.set $as (f64x2.promote_low_f32x4 (v128.load64_zero (local.get $average))))
      (v128.store64_lane 0 (local.get $average)
        (f32x4.demote_f64x2_zero
          (f64x2.add
            (local.get $as)
            (f64x2.mul
              (f64x2.splat (local.get $share))
              (f64x2.sub (f64x2.promote_low_f32x4 (v128.load64_zero (local.get $values))) (local.get $as))))))
      (local.set $average (i32.add (local.get $average) (i32.const 8)))
      (local.set $values (i32.add (local.get $values) (i32.const 8)))
      (br $pair)))
    (if (i32.ne (local.get $average) (local.get $end)) (then
      (local.set $a (f64.promote_f32 (f32.load (local.get $average))))
      (f32.store (local.get $average)
        (f32.demote_f64
          (f64.add
            (local.get $a)
            (f64.mul
              (local.get $share)
              (f64.sub (f64.promote_f32 (f32.load (local.get $values))) (local.get $a))))))))))
