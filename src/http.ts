/** The calls over HTTP, by Koa. */
export { chatApp, chatRoutes } from './adapters/http/app.ts'
export type { Answered, AppOptions, RouteOptions } from './adapters/http/options.ts'
