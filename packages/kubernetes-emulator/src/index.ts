export { createCertificate } from "./certificates.ts";
export type { ServerCertificate } from "./certificates.ts";
export { childProcessProgram } from "./child-process.ts";
export type { ChildProcessOptions } from "./child-process.ts";
export { EmulatorError } from "./errors.ts";
export type { EmulatorErrorCode } from "./errors.ts";
export type {
  CutHow,
  Fault,
  FaultPattern,
  FaultPlace,
  FaultRule,
  Faults,
  InjectedFault,
} from "./fault-types.ts";
export type { KillSignal, LogTrouble, NodeContainers, PodTarget } from "./node-types.ts";
export { randomFaults } from "./random-faults.ts";
export type { RandomFaultOptions } from "./random-faults.ts";
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
  Quirks,
  RequestRecord,
} from "./types.ts";
