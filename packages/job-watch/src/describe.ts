import type { ContainerExit, JobEnd } from "./types.ts";
/** One sentence about an end, for a person. */
export declare function describeEnd(end: JobEnd): string;
export declare function describeExit(exit: ContainerExit): string;
