import type { Anonymous, Caller, ChatApi } from '../../../application/chat-api.ts'
import type { Handlers } from '../../wire/handlers.ts'
import { presentFactor, presentMe, presentSignedIn } from '../../wire/present/people.ts'

export const accounts = (api: ChatApi) =>
  ({
    async recover(anonymous, { body }) {
      await api.recover(anonymous, body)
      return { status: 204 }
    },
    async resetPassword(anonymous, { body: { second_factor: secondFactor, device_name: deviceName, ...rest } }) {
      return { status: 200, body: presentSignedIn(await api.resetPassword(anonymous, { ...rest, secondFactor, deviceName })) }
    },
    async verifyEmail(caller, { body }) {
      return { status: 200, body: presentMe(await api.verifyEmail(caller, body)) }
    },
    async sendEmailCode(caller) {
      await api.sendEmailCode(caller)
      return { status: 204 }
    },
    async listFactors(caller) {
      const all = await api.listFactors(caller)
      const items = all.flatMap((factor) => presentFactor(factor) ?? [])
      return { status: 200, body: { items, recovery_codes_left: all.length - items.length } }
    },
    async addTotp(caller, { body: { current_password: currentPassword, name } }) {
      const { factor, secret, uri } = await api.addTotp(caller, { currentPassword, name })
      return { status: 201, body: { id: factor.id, secret, uri } }
    },
    async confirmTotp(caller, { params: { factor_id: factorId }, body: { code } }) {
      const { recoveryCodes } = await api.confirmTotp(caller, { factorId, code })
      return { status: 200, body: { id: factorId, recovery_codes: shown(recoveryCodes) } }
    },
    async removeFactor(caller, { params: { factor_id: factorId }, body: { current_password: currentPassword } }) {
      await api.removeFactor(caller, { factorId, currentPassword })
      return { status: 204 }
    },
    async newRecoveryCodes(caller, { body: { current_password: currentPassword } }) {
      return { status: 200, body: { recovery_codes: [...(await api.newRecoveryCodes(caller, { currentPassword }))] } }
    },
    async passkeyCreation(caller, { body: { current_password: currentPassword } }) {
      const { challengeId, options } = await api.passkeyCreation(caller, { currentPassword })
      return { status: 200, body: { challenge_id: challengeId, options } }
    },
    async addPasskey(caller, { body: { challenge_id: challengeId, ...rest } }) {
      const { factor, recoveryCodes } = await api.addPasskey(caller, { ...rest, challengeId })
      return { status: 201, body: { id: factor.id, recovery_codes: shown(recoveryCodes) } }
    },
    async passkeySignIn(anonymous) {
      const { challengeId, options } = await api.passkeySignIn(anonymous)
      return { status: 200, body: { challenge_id: challengeId, options } }
    },
    async signInWithPasskey(anonymous, { body: { challenge_id: challengeId, device_name: deviceName, response } }) {
      return { status: 200, body: presentSignedIn(await api.signInWithPasskey(anonymous, { challengeId, response, deviceName })) }
    },
  }) satisfies Partial<Handlers<Anonymous, Caller>>

const shown = (codes: readonly string[] | undefined): string[] | null => (codes ? [...codes] : null)
