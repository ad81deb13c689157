/** True for an address that means the machine it is used on: a pod finds only itself there. */
export function isLoopback(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { hostname } = new URL(url);
  return /^(localhost|.+\.localhost|127(\.\d+){3}|0\.0\.0\.0|\[::1?\])$/i.test(hostname);
}

/**
 * An address of the host as a pod reaches it: another origin in the place of a loopback one, the rest kept.
 * `undefined` when there is no other.
 *
 * @param paperclipUrl where pods reach the host; a path of its own is put before the address's
 */
export function urlForPods(url: string, paperclipUrl: string | undefined): string | undefined {
  if (!isLoopback(url)) return url;
  if (paperclipUrl === undefined || !URL.canParse(paperclipUrl)) return undefined;
  if (isLoopback(paperclipUrl)) return undefined;
  const { pathname, search } = new URL(url);
  return `${paperclipUrl.replace(/\/+$/, "")}${pathname}${search}`;
}
