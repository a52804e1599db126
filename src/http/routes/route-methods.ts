import { METHODS } from 'node:http';
import findMyWay from 'find-my-way';
import { limits } from '../request/limits';
import { isSpeltAs } from '../request/request-target';

const isMethod = (method: string): method is findMyWay.HTTPMethod => METHODS.includes(method);
const unused = () => undefined;

/**
 * Which methods a path has. Fastify answers 404 for a known path with another method; clients and gateways tell a typing
 * error from a missing feature by 405 and `Allow`. The same router with the same rules, asked only when nothing matched.
 */
export class RouteMethods {
  private readonly router = findMyWay({ maxParamLength: limits.uriBytes });
  private readonly methods = new Set<findMyWay.HTTPMethod>();

  add(methods: string | readonly string[], url: string): void {
    for (const method of [methods].flat()) {
      if (!isMethod(method) || this.router.hasRoute(method, url)) continue;
      this.methods.add(method);
      this.router.on(method, url, unused, url);
    }
  }

  /** The methods of a path, with OPTIONS, which every path answers; empty when there is no such path. */
  of(path: string): readonly string[] {
    const found = [...this.methods].filter((method) => this.matches(method, path));
    return found.length === 0 || found.includes('OPTIONS') ? found : [...found, 'OPTIONS'];
  }

  /** An empty parameter is no match: Nest does not serve it either. */
  private matches(method: findMyWay.HTTPMethod, path: string): boolean {
    const route = this.router.find(method, path);
    if (route === null || !isSpeltAs(String(route.store), path)) return false;
    return Object.entries(route.params).every(([name, value]) => name === '*' || value !== '');
  }
}
