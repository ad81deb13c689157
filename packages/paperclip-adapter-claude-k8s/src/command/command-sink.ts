import type { RunSink } from "../host/sink.ts";
import { say, type Surroundings } from "./surroundings.ts";
import type { OutputView } from "./transcript-view.ts";

const nothing = async (): Promise<void> => {};

/** The place of a host, where a person reads: what the program prints, and what happens, apart from it. */
export function commandSink(view: OutputView, around: Surroundings): RunSink {
  return {
    output: (text) => view.write(text),
    note: (text) => say(around, text),
    remark: nothing,
    progress: nothing,
    activity: nothing,
    event: nothing,
    call: async (_what, call) => void (await call()),
    failures: [],
  };
}
