/** Metadata of the handler of a route that writes. */
export const WRITE_ROUTE = 'rollcall:write-route';

/**
 * A write as the handler of its route returns it: described, and done only when it is performed. Interceptors wrap it on its way
 * out and so add to the context of the write what they are responsible for, without doing anything before it.
 */
export interface Deferred<Context, Answer> {
  perform(context: Context): Promise<Answer>;
}

export function isDeferred<Context, Answer>(value: unknown): value is Deferred<Context, Answer> {
  return typeof value === 'object' && value !== null && 'perform' in value;
}
