/** Where a message's bytes are safe until its numbered file is: what a record's pointer means. */

/** Where the bytes are safe until the numbered file is: a frame of a journal segment, or a file of a stage group. */
export interface SafePlace {
  readonly segment: number
  readonly frame: number
}

/** Set in `SafePlace.segment` when it is the number of a stage group; `frame` is then the file in it. */
export const stageGroup = 0x8000_0000
export const isStaged = (place: SafePlace): boolean => place.segment >= stageGroup
export const groupOf = (place: SafePlace): number => place.segment - stageGroup
