/** Paths of the Kubernetes API. */

export function jobsPath(namespace: string): string {
  return `/apis/batch/v1/namespaces/${encodeURIComponent(namespace)}/jobs`;
}

export function jobPath({ namespace, name }: { namespace: string; name: string }): string {
  return `${jobsPath(namespace)}/${encodeURIComponent(name)}`;
}

export function podsPath(namespace: string): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods`;
}

export function podPath(pod: { namespace: string; name: string }): string {
  return `${podsPath(pod.namespace)}/${encodeURIComponent(pod.name)}`;
}

export function nodePath(name: string): string {
  return `/api/v1/nodes/${encodeURIComponent(name)}`;
}

export function eventsPath(namespace: string): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/events`;
}
