import type { Runtime } from './identity';

/** Everything that is settled before the owner of a data directory brings its server up. */
export interface StartRequest {
  dataDir: string;
  cluster: string;
  runtime: Runtime;
  settings: Record<string, string>;
  durable: boolean;
  port: number;
  log: (line: string) => void;
}
