// `pnpm bench run [TEXT]`: what a run costs and what it withstands on a real cluster, beside what is aimed at; with TEXT only
// the rows whose name holds it. Rows that break the cluster need CLUSTER_FAULT (see the README).
import { clusterFault } from "../src/cluster/cluster-fault.ts";
import { provideImage } from "../src/cluster/image.ts";
import { openCluster } from "../src/cluster/open-cluster.ts";
import { realCluster } from "../conformance/real-cluster.ts";
import { buildChild, removeChild } from "./run/in-child.ts";
import { rows } from "./run/rows.ts";

const [only = ""] = process.argv.slice(2);
const interrupted = new AbortController();
process.once("SIGINT", () => interrupted.abort(new Error("interrupted")));
const { signal } = interrupted;

const open = await openCluster({
  purpose: "bench",
  kindImage: process.env["KIND_NODE_IMAGE"],
  onChosen: (title) => console.log(`bench run on ${title}`),
  signal,
});
const child = await buildChild(signal);
try {
  const image = await provideImage(open, { image: undefined, say: console.log, signal });
  const { kubeConfig, mark } = open;
  await using cluster = await realCluster(
    { kubeConfig, mark, image: image.name, shells: image.shells },
    { isRestricted: true },
  );
  console.log(`| what | at most | ours | |\n| --- | ---: | ---: | --- |`);
  for (const row of rows({ cluster, child, fault: clusterFault(), signal })) {
    if (!row.what.includes(only)) continue;
    const { ours, isReached } = await row.measure();
    if (isReached === false) process.exitCode = 1;
    const word = isReached === undefined ? "not measured" : isReached ? "reached" : "MISSED";
    console.log(`| ${row.what} | ${row.aim} | ${ours} | ${word} |`);
  }
} finally {
  await removeChild(child);
  const left = await open.close();
  if (left.length > 0) {
    console.log(`still there: ${left.join(", ")}`);
    process.exitCode = 1;
  }
}
