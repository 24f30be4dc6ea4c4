/** Real digits for tests. */
import { describeDataError, loadDataset } from '../../train/data/dataset.ts'

const loaded = loadDataset()
if (!loaded.ok) throw new Error(describeDataError(loaded.error))

export const mnist = loaded.value
