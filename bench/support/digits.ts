/** The digits that weights are fitted on. */
import type { Split } from '../../train/data/dataset.ts'
import { drawForms } from '../../train/forms.ts'

/** MNIST's writers were all American: so many forms of digits that others write are added for each of theirs. */
const FORMS = 0.15
/** Not the one that a network was trained with. */
const SEED = 77

/** Digits with drawn ones in forms that MNIST lacks among them. */
export function withForms({ images, labels, count }: Split): Split {
  const forms = drawForms(Math.round(FORMS * count), SEED)
  return {
    images: Uint8Array.from([...images, ...forms.images]),
    labels: Uint8Array.from([...labels, ...forms.labels]),
    count: count + forms.count,
  }
}
