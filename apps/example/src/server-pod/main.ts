// A Paperclip server of one run, as a program in an image: it finds its cluster and its own pod as a server
// in a pod does. Closes with one line of JSON, a `ServerPodReport`.
import { randomUUID } from "node:crypto";
import { createServerAdapter } from "paperclip-adapter-claude-k8s";
import { createHost } from "../host/host.ts";
import { parsed } from "../json.ts";
import { agentConfigVariable, type ServerPodReport } from "./report.ts";

const stop = new AbortController();
process.once("SIGTERM", () => stop.abort(new Error("Cancelled by a board operator")));

const host = createHost({
  runId: randomUUID(),
  agentId: randomUUID(),
  config: parsed<Record<string, unknown>>(process.env[agentConfigVariable] ?? "{}"),
  signal: stop.signal,
});
const adapter = createServerAdapter();
const { status, checks } = await adapter.testEnvironment({
  companyId: host.context.agent.companyId,
  adapterType: adapter.type,
  config: host.context.config,
});
const result = await adapter.execute(host.context);
const report: ServerPodReport = {
  errorMessage: result.errorMessage ?? null,
  summary: result.summary ?? null,
  said: host.said,
  environment: {
    status,
    findings: checks.map(({ level, code, message }) => `${level} ${code}: ${message}`),
  },
};
console.log(JSON.stringify(report));
