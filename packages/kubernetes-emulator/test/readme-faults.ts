import { randomFaults, startEmulator, type FaultRule } from "@claude-k8s/kubernetes-emulator";

await using emulator = await startEmulator();

const plan: FaultRule[] = [
  // The second follow of a log breaks off inside a character, as if it were whole.
  {
    on: { subresource: "log", query: { follow: "true" }, nth: 2 },
    do: { kind: "cut", how: "clean", afterBytes: 4096, at: "character" },
  },
  // The first Job is created, but nobody hears of it.
  { on: { verb: "create", resource: "jobs" }, do: { kind: "lose-reply" }, times: 1 },
  // A third of all lists is told to wait.
  {
    on: { verb: "list", userAgent: "my-controller/*" },
    do: { kind: "status", status: 429, retryAfterSeconds: 1 },
    probability: 0.33,
    seed: 7,
  },
];
emulator.faults.add([...plan, ...randomFaults({ seed: 7, on: { verb: "watch" } })]);

const body = JSON.stringify({ metadata: { name: "no-template" } });
await fetch(`${emulator.url}/apis/batch/v1/namespaces/default/jobs`, {
  method: "POST",
  body,
}).catch(
  (error: Error) => console.log(error.message), // fetch failed
);
console.log(emulator.faults.injected.map(({ rule }) => rule.do.kind)); // [ 'lose-reply' ]
