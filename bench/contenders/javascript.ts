/** The Worker with a forward pass in plain JavaScript: takes the place of worker/digits.ts. */
import { plainClassifier } from './plain.ts'
import { layers } from './shipped.ts'

export { card, layers } from './shipped.ts'
export const classifier = plainClassifier(layers)
