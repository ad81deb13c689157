import { JobManifestError } from "./errors.ts";
import type { NetworkPolicyManifest, NetworkPolicyPeer } from "./manifest-types.ts";

export type NetworkPolicyOptions = {
  readonly name: string;
  readonly namespace: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** The pods it is for: those with all of these labels. At least one, or it would be for all pods. */
  readonly podLabels: Readonly<Record<string, string>>;
  /**
   * The model's API. `public` (default): every public address at port 443, for a NetworkPolicy knows no
   * names; private, link-local (cloud metadata) and loopback ranges stay closed. Or ranges of your own.
   */
  readonly model?: "public" | { readonly cidrs: readonly string[]; readonly port?: number };
  /** The host that started the runs, when they call it back. Default: none. */
  readonly host?: {
    readonly namespace: string;
    readonly podLabels: Readonly<Record<string, string>>;
    readonly port: number;
  };
  /** Default: pods labelled `k8s-app: kube-dns` in `kube-system`. */
  readonly dns?: {
    readonly namespace: string;
    readonly podLabels: Readonly<Record<string, string>>;
  };
  /** Whatever else the program must reach, such as a Git server or a package registry. */
  readonly also?: readonly {
    readonly cidrs: readonly string[];
    readonly ports: readonly number[];
  }[];
};

/** Ranges that are nobody's public address. RFC 1918, 6598, 3927, 1122, 4193, 4291. */
const notPublic4 = [
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.168.0.0/16",
];
const notPublic6 = ["::1/128", "fc00::/7", "fe80::/10"];

const namespaceLabel = "kubernetes.io/metadata.name";

/**
 * Closes everything to the runs' pods but DNS, the model's API, the host and what is named. Nobody reaches
 * the pods. It does nothing on a cluster whose network does not enforce NetworkPolicies. A DNS cache on
 * the node (`169.254.20.10`) has to be named in `also`.
 * @throws JobManifestError when it would be for every pod of the namespace
 */
export function buildNetworkPolicy(options: NetworkPolicyOptions): NetworkPolicyManifest {
  if (Object.keys(options.podLabels).length === 0)
    throw new JobManifestError([
      { path: "podLabels", value: "(an empty object)", rule: "at least one label" },
    ]);
  const { dns = { namespace: "kube-system", podLabels: { "k8s-app": "kube-dns" } }, host } =
    options;
  const also = (options.also ?? []).map(({ cidrs, ports }) => {
    return { to: cidrs.map(range), ports: ports.map(tcp) };
  });
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: {
      name: options.name,
      namespace: options.namespace,
      labels: { ...options.labels },
    },
    spec: {
      podSelector: { matchLabels: { ...options.podLabels } },
      policyTypes: ["Ingress", "Egress"],
      ingress: [],
      egress: [
        { to: [pods(dns)], ports: [{ port: 53, protocol: "UDP" }, tcp(53)] },
        model(options.model ?? "public"),
        ...(host === undefined ? [] : [{ to: [pods(host)], ports: [tcp(host.port)] }]),
        ...also,
      ],
    },
  };
}

function model(allowed: NonNullable<NetworkPolicyOptions["model"]>) {
  if (allowed !== "public")
    return { to: allowed.cidrs.map(range), ports: [tcp(allowed.port ?? 443)] };
  const to = [
    { ipBlock: { cidr: "0.0.0.0/0", except: [...notPublic4] } },
    { ipBlock: { cidr: "::/0", except: [...notPublic6] } },
  ];
  return { to, ports: [tcp(443)] };
}

function pods(of: {
  readonly namespace: string;
  readonly podLabels: Readonly<Record<string, string>>;
}): NetworkPolicyPeer {
  return {
    namespaceSelector: { matchLabels: { [namespaceLabel]: of.namespace } },
    podSelector: { matchLabels: { ...of.podLabels } },
  };
}

function range(cidr: string): NetworkPolicyPeer {
  return { ipBlock: { cidr } };
}

function tcp(port: number): { port: number; protocol: string } {
  return { port, protocol: "TCP" };
}
