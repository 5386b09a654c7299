/** A React page of one file, to be built by Vite: somebody new comes in, opens a group, and writes. */
import { StrictMode, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { createAuth, createChat } from 'windi-chat/client'
import { ChatProvider, useClient, useSession, useTimeline } from 'windi-chat/client/react'

const auth = createAuth({ url: '' })
/** An account that nobody signs in to again: your page asks for a name, an email and a password. */
const account = () => ({ name: 'Anna', email: `${crypto.randomUUID()}@example.com`, password: crypto.randomUUID() })

function App() {
  const { session, isRestored } = useSession(auth)
  const [id, setId] = useState('')
  if (!isRestored) return null
  if (!session) return <button onClick={() => void auth.register(account())}>Come in</button>
  return <ChatProvider client={() => createChat({ url: '', auth })}>{id ? <Room id={id} /> : <Opening onOpened={setId} />}</ChatProvider>
}

function Opening({ onOpened }: { onOpened: (id: string) => void }) {
  const client = useClient()
  return <button onClick={() => void client.chats.createGroup({ name: 'Room' }).then((chat) => onOpened(chat.id))}>Open a room</button>
}

function Room({ id }: { id: string }) {
  const { rows } = useTimeline(id)
  const chat = useClient().chat(id)
  return (
    <form
      action={(form) => {
        const text = form.get('text')
        if (typeof text === 'string') chat.send(text)
      }}
    >
      <ul>
        {rows.map((row) => (
          <li key={row.key}>{row.text}</li>
        ))}
      </ul>
      <input name="text" aria-label="Message" />
    </form>
  )
}

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
