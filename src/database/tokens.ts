/** ClientConfig of the runtime login; stays inside the database module. */
export const RUNTIME_CONNECTION = Symbol('RuntimeConnection');
/** ClientConfig of the connection that listens for changes: past a pooler, where there is one. */
export const LISTENING_CONNECTION = Symbol('ListeningConnection');
/** ClientConfig of the login that may delete what has expired, or undefined where none is configured. */
export const RETENTION_CONNECTION = Symbol('RetentionConnection');
/** The names of the migrations that this build knows. */
export const MIGRATIONS = Symbol('Migrations');
