import type { StopOptions, StopOutcome } from "./ports.ts";
export declare function stopJob(options: StopOptions): Promise<StopOutcome>;
