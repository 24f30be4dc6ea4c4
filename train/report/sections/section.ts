import type { Html } from '../html.ts'

/** A part of the report, and its entry in the list at the top. */
export interface Section {
  id: string
  title: string
  body: Html
}
