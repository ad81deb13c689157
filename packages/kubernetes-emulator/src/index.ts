export { createCertificate } from "./certificates.ts";
export type { ServerCertificate } from "./certificates.ts";
export { childProcessProgram } from "./child-process.ts";
export type { ChildProcessOptions } from "./child-process.ts";
export { EmulatorError } from "./errors.ts";
export type { EmulatorErrorCode } from "./errors.ts";
export { startEmulator } from "./start-emulator.ts";
export type {
  DenyRule,
  Emulator,
  EmulatorOptions,
  Latency,
  NodeControl,
  NodeOptions,
  Output,
  PodReference,
  Program,
  ProgramContext,
  RequestRecord,
} from "./types.ts";
