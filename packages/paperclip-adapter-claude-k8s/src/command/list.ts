import type { Connection } from "./connection.ts";
import { exitCodes } from "./exit-codes.ts";
import { findRuns } from "./find-runs.ts";
import type { OptionValues } from "./option-values.ts";
import { runRows, runView } from "./run-view.ts";
import { printJson, say, type Surroundings } from "./surroundings.ts";
import { table } from "./table.ts";
import { toldSupervision } from "./told-supervision.ts";

/** `claude-k8s list`. */
export async function list(
  connection: Connection,
  { json, observe, wide, isEverywhere }: OptionValues,
  around: Surroundings,
): Promise<number> {
  const { signal, stdout } = around;
  const runs = await findRuns(connection, signal);
  const jobs = runs.map(({ job }) => job);
  const supervision = await toldSupervision(connection, jobs, { prove: observe }, around);
  const views = runs.map((run) => runView(run, supervision.of(run.job)));
  if (json) await printJson(around, { runs: views });
  else if (views.length === 0)
    await say(around, `No runs in ${whereOf(connection)} of the context ${connection.context}.`);
  else {
    const { header, rows } = runRows(views, { wide, everywhere: isEverywhere, now: around.now() });
    await stdout.write(table(header, rows, stdout.columns));
  }
  return exitCodes.done;
}

export function whereOf({ scope }: Pick<Connection, "scope">): string {
  return scope === undefined ? "any namespace" : `namespace ${scope}`;
}
