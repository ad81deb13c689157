import type { JobLevel } from "./level.ts";
import type { JobEnd, JobPolicy } from "./types.ts";
export declare function judge(level: JobLevel, policy: JobPolicy, now: number): JobEnd | undefined;
