'use client'

import { useMemo } from 'react'
import { type Address, type AddressState, type Files, filesOf, type SharedFile, type Upload } from '../files.ts'
import { cell } from '../platform/store.ts'
import type { File } from '../types.ts'
import { type Found, useFound } from './found.ts'
import { useClient, useStore } from './provider.ts'

export type { Address, AddressState, Files, Found, SharedFile, Upload }

/** Returns the uploads and files of the user. */
export function useFiles(): Files {
  const client = useClient()
  return useMemo(() => filesOf(client), [client])
}

/** Returns all uploads by key, in the order in which they were added. */
export const useUploads = (): ReadonlyMap<string, Upload> => useStore(useFiles().uploads)

const nowhere = cell<AddressState>({ status: 'loading' })

/** Returns where the bytes of a file can be read, renewed while the component is mounted; components that mount together ask by one call. */
export function useFileAddress(fileId: string | undefined): AddressState {
  const files = useFiles()
  return useStore(useMemo(() => (fileId === undefined ? nowhere : files.address(fileId)), [files, fileId]))
}

/** Returns the files of a chat, newest first. */
export function useChatFiles(chatId: string, { kind }: { readonly kind?: File['kind'] | undefined } = {}): Found<SharedFile> {
  const files = useFiles()
  return useFound(`${chatId} ${kind ?? ''}`, (options) => files.ofChat(chatId, { kind, ...options }))
}
