import { endings } from "./endings.ts";
import { startProblems } from "./start-problems.ts";
import type { State } from "./state.ts";

/** Every state of a Job that a cluster can be brought to on purpose. */
export const states: readonly State[] = [...endings, ...startProblems];
