import { createAuth, webSessionStore } from '../../src/client/index.ts'

/** The session lives as long as the tab, so that two tabs are two people. */
export const auth = createAuth({ url: '', store: webSessionStore(sessionStorage) })
