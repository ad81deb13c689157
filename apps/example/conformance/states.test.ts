// Every state of a Job, and what a watch makes of it.
import { randomBytes } from "node:crypto";
import { describe } from "vitest";
import { handOver } from "../src/e2e/hand-over.ts";
import { anyNode, makeWorld } from "../src/states/state-world.ts";
import type { State, StateWorld } from "../src/states/state.ts";
import { states } from "../src/states/states.ts";
import { watchState } from "../src/states/watch-state.ts";
import { type ClusterUnderTest, test } from "./cluster.ts";
import { hungryImage } from "./emulated-cluster.ts";

/** What any cluster can be brought to, and the emulator too. */
const common = states.filter(({ needs, emulated }) => needs === undefined && emulated !== false);

async function worldFor(state: State, cluster: ClusterUnderTest): Promise<StateWorld> {
  const { http, signal } = cluster;
  const isHungry = cluster.isEmulator && state.name === "out-of-memory";
  const image = isHungry ? hungryImage : cluster.image;
  const mark = handOver()?.mark ?? "emulated";
  const namespace = `${mark}-${state.name}-${randomBytes(2).toString("hex")}`;
  const nodeName = await anyNode(http, signal);
  return makeWorld(state, { http, namespace, image, nodeName, registryPort: 1, signal, mark });
}

describe.concurrent("a watch knows the state", () => {
  test.for(common.map((state) => [state.name, state] as const))(
    "%s",
    { timeout: 90_000 },
    async ([, state], { cluster, expect }) => {
      const { end, events } = await watchState(state, await worldFor(state, cluster));
      if (state.end === undefined) return expect(end).toBeUndefined();
      expect(end).toMatchObject(state.end);
      expect(events.filter(({ type }) => type === "end")).toHaveLength(1);
      const facts = end?.evidence.map(({ fact }) => fact).join("\n") ?? "";
      expect(facts).toMatch(state.evidence ?? /./);
      return undefined;
    },
  );
});
