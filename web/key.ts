/** The API key, where the service wants one: kept for this tab, forgotten when it closes. */
const NAME = 'edge-digits.key'

export const storedKey = (): string | null => sessionStorage.getItem(NAME)
export const storeKey = (key: string): void => sessionStorage.setItem(NAME, key)
