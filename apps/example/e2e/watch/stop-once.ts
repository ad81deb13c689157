// Stops the Job that its argument names, on the cluster that was handed over, and prints how it went.
import { kubeHttp } from "@claude-k8s/kube-http";
import { type JobRef, kubeJobControl, stopJob } from "@claude-k8s/job-watch";
import { kubeConfigOf } from "../../src/cluster/kubeconfig.ts";
import { handOver } from "../../src/e2e/hand-over.ts";
import { parsed } from "../../src/json.ts";

const http = kubeHttp(kubeConfigOf(handOver()?.kubeConfig ?? "{}"));
const outcome = await stopJob({
  jobs: kubeJobControl(http),
  job: parsed<JobRef>(process.argv[2] ?? ""),
  graceMs: 40_000,
  signal: AbortSignal.timeout(60_000),
});
console.log(JSON.stringify(outcome));
http.close();
