import { fileURLToPath } from 'node:url'
import { type Inspection, inspect } from '../test/architecture/inspect.ts'
import { drawHouse } from './house/draw.ts'
import { roomsOf } from './house/rooms.ts'

const isSource = (file: string) => /^(src|web)\//.test(file)

/** The picture of the house: which rooms there are and which rooms they import. */
export const house = ({ files, imports }: Pick<Inspection, 'files' | 'imports'>): string =>
  drawHouse(
    roomsOf(
      files.filter(isSource),
      imports.filter(({ from, to }) => isSource(from) && isSource(to)),
    ),
  )

export const houseOfThisProject = async (): Promise<string> => house(await inspect(fileURLToPath(new URL('..', import.meta.url))))
