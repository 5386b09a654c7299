/** The HTTP adapter: the calls as a Koa app, or as a middleware. */
export { chatApp, chatRoutes } from './adapters/http/app.ts'
export type { Answered, AppOptions, RouteOptions } from './adapters/http/options.ts'
