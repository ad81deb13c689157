import type { Program, RunSpec } from "../src/index.ts";

type Changes = Partial<Omit<RunSpec, "program">> & { readonly program?: Partial<Program> };

/** A run with as little as a run needs, and what a test is about. */
export function spec({ program, ...changes }: Changes = {}): RunSpec {
  return {
    name: "nightly-h0123456789",
    namespace: "agents",
    labels: { "example.com/agent": "a1" },
    program: { image: "registry.example.com/agent:1.2", argv: ["claude", "--print"], ...program },
    ...changes,
  };
}
