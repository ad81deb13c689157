/** Where a run is, and whose it is. */
interface AgentPlace {
  readonly agentId: string;
  readonly kubeconfig: string | undefined;
  readonly namespace: string;
}

/** In which namespaces agents have had runs, for their settings may be changed while one goes on. */
export interface OtherNamespaces {
  /**
   * Notes where an agent's run is to be, and answers where else the agent may have Jobs: where this process had
   * runs of it in the same cluster, and where its session's files are.
   *
   * @param sessionPlace as it was stored with the session: `NAMESPACE/CLAIM`, or a word without a slash
   */
  note(place: AgentPlace, sessionPlace: unknown): readonly string[];
}

/** More namespaces than this no agent is looked for in: each costs a request a run. */
const most = 4;

export function otherNamespaces(): OtherNamespaces {
  const known = new Map<string, readonly string[]>();
  return {
    note({ agentId, kubeconfig = "", namespace }, sessionPlace) {
      const key = JSON.stringify([kubeconfig, agentId]);
      const [stored = "", claim] = typeof sessionPlace === "string" ? sessionPlace.split("/") : [];
      const ofSession = claim === undefined || stored === "" ? [] : [stored];
      const others = [...new Set([...ofSession, ...(known.get(key) ?? [])])]
        .filter((other) => other !== namespace)
        .slice(0, most);
      known.set(key, [namespace, ...others]);
      return others;
    },
  };
}
