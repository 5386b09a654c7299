import { apiReferences, type Page } from './reference/api.ts'
import { cliReference } from './reference/cli.ts'
import { errorsReference } from './reference/errors.ts'
import { httpReference } from './reference/http.ts'
import { settingsReference } from './reference/settings.ts'
import { websocketReference } from './reference/websocket.ts'

const pages: Readonly<Record<string, Page>> = {
  'reference/server.md': {
    title: 'Server reference',
    question: 'What can a program do with the service? Start it, mount it, or use its parts.',
    entries: {
      '@windi-chat/server': 'src/server.ts',
      'windi-chat/memory': 'src/memory.ts',
      '@windi-chat/server/database': 'src/mikro-orm.ts',
      '@windi-chat/server/files': 'src/files.ts',
      '@windi-chat/server/auth': 'src/auth.ts',
      '@windi-chat/server/http': 'src/http.ts',
      '@windi-chat/server/ws': 'src/ws.ts',
    },
    after: '[core and ports](ports.md), [settings](settings.md).',
  },
  'reference/client.md': {
    title: 'Client reference',
    question:
      'What can the typed client do? Everything here is exported by `windi-chat/client`, `windi-chat/client/admin`, `windi-chat/client/files`, `windi-chat/client/mentions`, `windi-chat/client/notices`, `windi-chat/client/order` and `@windi-chat/server/testing`.',
    entries: {
      'windi-chat/client': 'src/client/index.ts',
      'windi-chat/client/admin': 'src/client/admin.ts',
      'windi-chat/client/files': 'src/client/files.ts',
      'windi-chat/client/mentions': 'src/client/mentions.ts',
      'windi-chat/client/notices': 'src/client/notices.ts',
      'windi-chat/client/order': 'src/client/order.ts',
      '@windi-chat/server/testing': 'src/testing.ts',
    },
    after: '[React](react.md).',
  },
  'reference/react.md': {
    title: 'React reference',
    question: 'Which hooks are there? Each subscribes a component to one part of the client.',
    entries: {
      'windi-chat/client/react': 'src/client/react.ts',
      'windi-chat/client/react/content': 'src/client/react/content.ts',
      'windi-chat/client/react/files': 'src/client/react/files.ts',
    },
    after: '[the React guide](../guides/react.md).',
  },
  'reference/ports.md': {
    title: 'Core and ports',
    question: 'What does the core do, and what does it need? Its calls, its ports with their promises, and its shapes.',
    entries: { 'windi-chat': 'src/index.ts', '@windi-chat/server/contracts': 'src/contracts/store.ts' },
    after: '[write a store](../extend/write-a-store.md), [write a bus](../extend/write-a-bus.md).',
  },
}

/** The pages of `docs/reference`, by their path below `docs`. */
export const references = (): Readonly<Record<string, string>> => ({
  'reference/http.md': httpReference(),
  'reference/websocket.md': websocketReference(),
  'reference/errors.md': errorsReference(),
  'reference/settings.md': settingsReference(),
  'reference/cli.md': cliReference(),
  ...apiReferences(pages),
})
