import { useEffect, useState } from 'react'
import { type Auth, type ChatClient, createChat } from '../src/client/index.ts'
import { ChatProvider, useStore } from '../src/client/react.ts'
import { SignIn } from './session/sign-in.tsx'
import { Shell } from './shell/shell.tsx'
import { auth } from './state/auth.ts'

export function App() {
  const current = useStore(auth)
  const session = useStore(current.session)
  const [restored, setRestored] = useState<Auth>()
  useEffect(() => void current.restored.finally(() => setRestored(current)), [current])
  if (session) return <SignedIn key={session.sessionId} auth={current} />
  return restored === current ? <SignIn /> : null
}

function SignedIn({ auth }: { readonly auth: Auth }) {
  const [client, setClient] = useState<ChatClient>()
  useEffect(() => {
    const next = createChat({ url: '', auth })
    next.start()
    setClient(next)
    return () => next.close()
  }, [auth])
  return (
    client && (
      <ChatProvider client={client}>
        <Shell />
      </ChatProvider>
    )
  )
}
