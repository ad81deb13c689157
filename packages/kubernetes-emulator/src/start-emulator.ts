import type { Emulator, EmulatorOptions } from "./types.ts";

export declare function startEmulator(options?: EmulatorOptions): Promise<Emulator>;
