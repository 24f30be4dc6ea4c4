/** Ten bars: how probable each digit is. */

/** Builds the bars into a list and returns what sets them; null stands for no answer. */
export function createBars(list: HTMLElement): (probabilities: number[] | null, best: number | null) => void {
  const bars = Array.from({ length: 10 }, (_, digit) => {
    const item = document.createElement('li')
    const value = document.createElement('span')
    value.className = 'value'
    const bar = document.createElement('span')
    bar.className = 'bar'
    const name = document.createElement('span')
    name.className = 'name'
    name.textContent = String(digit)
    // Read in this order; the style sheet turns it upside down.
    item.append(name, value, bar)
    list.append(item)
    return { item, value, bar }
  })
  return (probabilities, best) => {
    for (const [digit, { item, value, bar }] of bars.entries()) {
      const probability = probabilities?.[digit] ?? 0
      item.toggleAttribute('data-best', digit === best)
      value.textContent = barPercent(probability)
      value.toggleAttribute('data-faint', probability < 0.01)
      bar.style.setProperty('--part', String(probability))
    }
  }
}

/** Whole percents, as wide as a bar; cut and not rounded, for nothing is quite certain. */
const barPercent = (part: number) => `${Math.min(99, Math.floor(part * 100))}%`
