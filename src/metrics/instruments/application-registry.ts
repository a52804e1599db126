import { Registry, type RegistryContentType } from 'prom-client';

/** The registry of one application; the library's default one is shared by the process and stays empty. */
export class ApplicationRegistry extends Registry<RegistryContentType> {
  private readonly refreshers: (() => unknown)[] = [];
  private writing: Promise<unknown> = Promise.resolve();

  /** For gauges that are looked up rather than counted: `refresh` is awaited before a page is written, and may fail. */
  beforePage(refresh: () => unknown): void {
    this.refreshers.push(refresh);
  }

  /** All series in the given format. One page at a time: the library keeps the format in the registry while it writes. */
  page(type: RegistryContentType): Promise<string> {
    const page = this.writing.then(async () => {
      await Promise.allSettled(this.refreshers.map((refresh) => Promise.resolve().then(refresh)));
      this.setContentType(type);
      return this.written();
    });
    this.writing = page.catch(() => undefined);
    return page;
  }

  /** The library takes `_total` from the names of counters for OpenMetrics, and leaves it away from then on: they get it back. */
  private async written(): Promise<string> {
    const named = this.getMetricsAsArray().map((metric) => ({ metric, name: metric.name }));
    try {
      return await this.metrics();
    } finally {
      for (const { metric, name } of named) metric.name = name;
    }
  }
}
