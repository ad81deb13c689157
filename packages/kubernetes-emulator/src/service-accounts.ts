import type { Clock } from "./clock.ts";
import type { Identity } from "./identity.ts";
import type { Store } from "./store.ts";

/** Every namespace gets a service account `default`. */
export function startServiceAccounts(store: Store, clock: Clock, identity: Identity): () => void {
  const accounts = store.find("serviceaccounts");
  return store.onChange(({ type, resource, object }) => {
    if (type !== "ADDED" || resource.plural !== "namespaces") return;
    const namespace = object.metadata.name;
    if (accounts.get(namespace, "default") !== undefined) return;
    accounts.add({
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: {
        name: "default",
        namespace,
        uid: identity.uid(),
        resourceVersion: "",
        creationTimestamp: clock.seconds(),
      },
    });
  });
}
