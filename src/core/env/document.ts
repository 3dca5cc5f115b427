/** A file as its reader hands it on: text, or the root element of one in XML, so that games need no parser. */
export type Document = string | XmlElement

/** An element of an XML file: text and entities are decoded, comments and processing instructions left out. */
export interface XmlElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly (XmlElement | string)[]
  /** Line of the file that it begins on, from 1. */
  readonly line: number
}
