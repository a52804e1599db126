/** A write that may be repeated: where the key counts, and what was asked. Both SHA-256; the key itself is kept nowhere. */
export interface KeyedRequest {
  /** Principal, method, concrete path and key. */
  readonly scope: Buffer;
  /** Method, path, query, media type and canonical body. */
  readonly fingerprint: Buffer;
}
