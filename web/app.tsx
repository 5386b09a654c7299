import { useEffect, useState } from 'react'
import { type ChatClient, createChat } from '../src/client/index.ts'
import { ChatProvider, useStore } from '../src/client/react.ts'
import { SignIn } from './session/sign-in.tsx'
import { Shell } from './shell/shell.tsx'
import { auth } from './state/auth.ts'

export function App() {
  const session = useStore(auth.session)
  const [isRestored, setRestored] = useState(false)
  useEffect(() => void auth.restored.finally(() => setRestored(true)), [])
  if (session) return <SignedIn key={session.sessionId} />
  return isRestored ? <SignIn /> : null
}

function SignedIn() {
  const [client, setClient] = useState<ChatClient>()
  useEffect(() => {
    const next = createChat({ url: '', auth })
    next.start()
    setClient(next)
    return () => next.close()
  }, [])
  return (
    client && (
      <ChatProvider client={client}>
        <Shell />
      </ChatProvider>
    )
  )
}
