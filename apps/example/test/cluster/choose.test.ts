import { expect, test } from "vitest";
import { chooseCluster, type ClusterChoice, type Offer } from "../../src/cluster/choose.ts";

const nothing: Offer = {
  kubeconfig: undefined,
  kindProblem: "`kind` is not on PATH",
  engineProblem: "`docker` is not on PATH",
};

test.each<[what: string, offer: Offer, choice: ClusterChoice]>([
  [
    "the cluster that was named, whatever else is there",
    { ...nothing, kubeconfig: "/a" },
    { kind: "kubeconfig", path: "/a" },
  ],
  [
    "kind, where it and an engine answer",
    { kubeconfig: undefined, kindProblem: undefined, engineProblem: undefined },
    { kind: "kind" },
  ],
  [
    "none without an engine, and what is missing is named",
    { ...nothing, kindProblem: undefined },
    { kind: "none", missing: ["$KUBECONFIG is not set", "`docker` is not on PATH"] },
  ],
  [
    "none where nothing is there",
    nothing,
    {
      kind: "none",
      missing: ["$KUBECONFIG is not set", "`kind` is not on PATH", "`docker` is not on PATH"],
    },
  ],
])("%s", (_what, offer, choice) => {
  expect(chooseCluster(offer)).toEqual(choice);
});
