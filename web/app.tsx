import { useEffect, useState } from 'react'
import { filesOf } from '../src/client/files.ts'
import { type Auth, type ChatClient, createChat } from '../src/client/index.ts'
import { ChatProvider, useStore } from '../src/client/react.ts'
import { SignIn } from './session/sign-in.tsx'
import { Shell } from './shell/shell.tsx'
import { auth } from './state/auth.ts'
import { keepCopies, keptCopy } from './state/copies.ts'
import { followPictures } from './state/pictures.ts'
import { followProfiles } from './state/renamed.ts'

export function App() {
  const current = useStore(auth)
  const session = useStore(current.session)
  const [restored, setRestored] = useState<Auth>()
  useEffect(() => void current.restored.finally(() => setRestored(current)), [current])
  if (session) return <SignedIn key={session.sessionId} auth={current} userId={session.user.id} />
  return restored === current ? <SignIn /> : null
}

function SignedIn({ auth, userId }: { readonly auth: Auth; readonly userId: string }) {
  const [client, setClient] = useState<ChatClient>()
  useEffect(() => {
    let end = () => {}
    let isOver = false
    void keptCopy(userId).then((snapshot) => {
      if (isOver) return
      const next = createChat({ url: '', auth, snapshot })
      const stops = [keepCopies(next, userId), followPictures(next), followProfiles(next)]
      // Uploads that were left go on.
      filesOf(next)
      next.start()
      setClient(next)
      end = () => {
        for (const stop of stops) stop()
        next.close()
      }
    })
    return () => {
      isOver = true
      end()
    }
  }, [auth, userId])
  return (
    client && (
      <ChatProvider client={client}>
        <Shell />
      </ChatProvider>
    )
  )
}
