/** A job was cancelled, or another process has claimed it: whatever this one still wanted to write is refused. */
export class LeaseLost extends Error {
  constructor(job: string) {
    super(`The lease of ${job} has passed to another process`);
    this.name = 'LeaseLost';
  }
}
