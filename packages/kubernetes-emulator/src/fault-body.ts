import type { ServerResponse } from "node:http";

import type { Clock } from "./clock.ts";
import type { Injection } from "./fault-plan.ts";
import { createPlaceFinder, type PlaceFinder } from "./fault-place.ts";
import type { Fault } from "./fault-types.ts";
import { breakOff, flushed, writePiece, type ResetSocket } from "./wire.ts";

/** The faults that meet a body. */
export type BodyFault = Extract<Fault, { kind: "cut" | "stall" | "garbage" | "duplicate" }>;

export function isBodyFault(fault: Fault): fault is BodyFault {
  if (fault.kind === "duplicate") return fault.what === "event";
  return fault.kind === "cut" || fault.kind === "stall" || fault.kind === "garbage";
}

/** Whether an announced length stays true: for a body that is ended early but properly it must not be sent. */
export function keepsLength(fault: BodyFault): boolean {
  if (fault.kind === "cut") return fault.how !== "clean";
  return fault.kind === "stall" && fault.next !== "clean";
}

/** An answer on its way to the wire. */
export interface Sending {
  readonly response: ServerResponse;
  /** Aborts when the answer is over, whoever ended it. */
  readonly signal: AbortSignal;
  readonly reset: ResetSocket;
  readonly clock: Clock;
}

/** Sends a body with a fault in it. Resolves with true when the answer is to be ended as usual. */
export async function sendFaulty(
  sending: Sending,
  body: AsyncIterable<Uint8Array | string>,
  injection: Injection & { readonly fault: BodyFault },
): Promise<boolean> {
  const { response, signal } = sending;
  const { fault } = injection;
  const place = createPlaceFinder(fault.kind === "duplicate" ? { ...fault, at: "line" } : fault);
  let done = false;
  const pass = async (bytes: Uint8Array): Promise<boolean> => {
    const before = place.before;
    const offset = done ? undefined : findPlace(place, bytes, fault);
    if (offset === undefined) {
      await writePiece(response, bytes, signal);
      return true;
    }
    done = true;
    await writePiece(response, bytes.subarray(0, offset), signal);
    if (signal.aborted) return false;
    injection.happened(before + offset);
    const rest = bytes.subarray(offset);
    if (!(await strike(sending, fault, rest))) return false;
    await writePiece(response, rest, signal);
    return true;
  };
  // A place before the first byte needs no byte to come.
  if (!(await pass(new Uint8Array()))) return false;
  for await (const piece of body) {
    if (signal.aborted) return false;
    if (!(await pass(typeof piece === "string" ? Buffer.from(piece) : piece))) return false;
  }
  return true;
}

function findPlace(place: PlaceFinder, bytes: Uint8Array, fault: BodyFault): number | undefined {
  const offset = place.find(bytes);
  // What is sent twice must be there.
  return fault.kind === "duplicate" && offset === bytes.length ? undefined : offset;
}

/** Does it; true when the answer goes on. */
async function strike(sending: Sending, fault: BodyFault, rest: Uint8Array): Promise<boolean> {
  const { response, signal, clock } = sending;
  switch (fault.kind) {
    case "cut":
      await breakOff(response, fault.how, sending);
      return false;
    case "stall": {
      if (fault.forMs === undefined) await aborted(signal);
      else await clock.wait(fault.forMs, signal);
      const { next = "continue" } = fault;
      if (signal.aborted) return false;
      if (next !== "continue") await breakOff(response, next, sending);
      return next === "continue";
    }
    case "garbage":
      if (fault.protocol === true) {
        await flushed(response, signal);
        response.socket?.end(fault.bytes);
        return false;
      }
      await writePiece(response, fault.bytes, signal);
      if (fault.next === "end") response.end();
      return fault.next !== "end";
    case "duplicate":
      break;
  }
  const end = rest.indexOf(0x0a);
  await writePiece(response, rest.subarray(0, end === -1 ? rest.length : end + 1), signal);
  return true;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
