/** A handwritten seven, the first of MNIST's test digits, for examples that can be sent as they are. */

/** Dark on a white page: a WebP file of 96×80 pixels, base64. */
export const SEVEN_ON_A_PAGE =
  'UklGRvQAAABXRUJQVlA4IOgAAADQBwCdASpgAFAAPrVaqE4nJaQiJnVYqOAWiWkABRMi9EkKYACR8vqBJW3rmL4bRzKdxXNAlpwW3+CuP+KA7cCXjtfvmikgAAD+9qe3XJoIwDrafCuUIMTf0XvsTenKt4yZFzlqtMvCYciiaaWdmRN/TIWx26+b4b0FV3fy9D1Nny82Ax06Hs3+LYlJMYJq8MQcto/A/6bcWVmno/E0/S9s98ZQg/AQML/DQfN2OTQna2D5y7nKr1IxSuzbkoQK8hGkgA4ZSbWq26YkiSz1Veo3x2GmKuLrltg/RGgLHdUboYgZgFKHBAAA'
