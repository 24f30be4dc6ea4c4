/** The Worker with stock TensorFlow.js on the plain-JavaScript backend: takes the place of worker/digits.ts. */
import '@tensorflow/tfjs-backend-cpu'
import { setBackend } from '@tensorflow/tfjs-core'
import { INPUT_PIXELS } from '../../model/artifact.ts'
import { modelJson, weights } from './shipped.ts'
import { stockClassifier } from './tfjs.ts'

await setBackend('cpu')

export { card, layers } from './shipped.ts'
export const classifier = await stockClassifier(modelJson, weights)
classifier.logits(new Float32Array(INPUT_PIXELS), 1)
