/** The service inside a test, for programs that use the client. */
export {
  type Device,
  type FakeAccount,
  type FakePerson,
  type FakeServer,
  type FakeServerOptions,
  type Faults,
  fakeServer,
  type VirtualClock,
} from './main/testing/fake-server.ts'
