/** The model card in words, as README.md beside the artifact (Mitchell et al., Model Cards for Model Reporting, 2019). */
import { type DenseLayer, type ModelCard, parameterCount } from '../model/artifact.ts'
import type { Evaluation } from './evaluate.ts'
import { percent } from './format.ts'
import type { Recipe } from './recipes.ts'

/** @param bytes size of weights.bin */
export function renderCard(
  card: ModelCard,
  layers: DenseLayer[],
  bytes: number,
  { validation, test }: { validation: Evaluation; test: Evaluation },
): string {
  const { training, calibration } = card
  const widths = [layers[0].inputs, ...layers.map((layer) => layer.units)].join('-')
  const dataset = training.dataset as { name: string; sha256: string; train: number; validation: number; test: number }
  return `# ${card.name} ${card.version}

A multilayer perceptron, ${widths}, that reads one handwritten digit from 28×28 pixels: ReLU between the layers, softmax at
the end, ${parameterCount(layers).toLocaleString('en')} parameters, ${bytes.toLocaleString('en')} bytes as float16. Written by \`npm run train\`.

**For** single handwritten digits 0 to 9, light ink on dark, ${card.input.normalization}.
**Not for** letters, printed text, signatures, or decisions about people without somebody who checks them. A picture that is
no digit is often, not always, answered with \`accepted: false\`.

## Accuracy

| images | accuracy | 95 % interval | cross-entropy | calibration error |
| --- | --- | --- | --- | --- |
| test, ${test.count.toLocaleString('en')}, looked at once | ${percent(test.accuracy)} | ${test.interval.map(percent).join(' to ')} | ${test.loss.toFixed(4)} | ${percent(test.calibrationError)} |
| validation, ${validation.count.toLocaleString('en')} | ${percent(validation.accuracy)} | ${validation.interval.map(percent).join(' to ')} | ${validation.loss.toFixed(4)} | ${percent(validation.calibrationError)} |

On the test images, digit by digit:

| digit | images | precision | recall |
| --- | --- | --- | --- |
${test.digits.map((d) => `| ${d.digit} | ${d.count} | ${percent(d.precision)} | ${percent(d.recall)} |`).join('\n')}

## Confidence and refusal

Temperature ${(calibration.fittedTemperature ?? 1).toFixed(3)}, fitted on validation and already worked into the last layer, so that probabilities are calibrated
as they come. ${rejectionSentence(calibration)}

## Training

Recipe \`${training.recipe}\`, seed ${training.seed}, ${training.epochs} epochs in ${Math.round(Number(training.seconds))} s. Data: ${dataset.name}, the first ${dataset.train.toLocaleString('en')} images to learn from, the
next ${dataset.validation.toLocaleString('en')} for every choice, ${dataset.test.toLocaleString('en')} to test (SHA-256 of the four files' SHA-256: \`${dataset.sha256}\`).${drawnSentence(training.settings as Recipe)}
Everything else is in \`model.json\` under \`userDefinedMetadata\`.

To get the same \`weights.bin\`, byte for byte: \`npm ci && ${training.command}\`.
`
}

function drawnSentence({ phases }: Recipe): string {
  const drawn = phases[0].drawn
  if (drawn === undefined) return ''
  return `
In the place of ${percent(drawn.forms)} of the images stand drawn digits in forms that are rare in it, as ones with a flag and a foot and barred sevens;
in the place of ${percent(drawn.signs)} drawn letters, signs and sketches, of which the network learns to be unsure;
in the place of ${percent(drawn.parted)} digits that were cut off a neighbour they touched, and of ${percent(drawn.torn)} wrong cuttings, of which it learns the same.`
}

function rejectionSentence({ rejection }: ModelCard['calibration']): string {
  if (rejection === null) return 'No picture is refused.'
  return `A picture is refused as unfamiliar if its largest logit is below ${rejection.threshold.toFixed(3)}, as it is for 1 % of the validation digits.`
}
