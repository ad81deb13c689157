import {
  type KubeHttp,
  KubeHttpError,
  type KubeQuery,
  type KubeStream,
} from "@claude-k8s/kube-http";
import { sleep } from "@claude-k8s/kube-http";
import type { Message, RecordedObject, Recording } from "./recordings.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/** What happens to a request or a watch; without chance every answer comes at once and whole. */
export interface Chance {
  /** How long the answer to a request takes, in milliseconds. */
  latencyMs(): number;
  /** How much later than the one before a message of a watch comes. */
  delayMs(): number;
  /** A request finds nobody. */
  fails(): boolean;
  /** What becomes of a watch before its next message. */
  cut(): "no" | "clean" | "reset" | "expired" | "garbage";
  /** The next message of a watch comes twice. */
  repeats(): boolean;
  /** Whether this kind may be watched now, all or by name. */
  mayWatch(at: number, isNamed: boolean): boolean;
}

export const calm: Chance = {
  latencyMs: () => 1,
  delayMs: () => 0,
  fails: () => false,
  cut: () => "no",
  repeats: () => false,
  mayWatch: () => true,
};

export interface SimulatedCluster {
  readonly http: KubeHttp;
  readonly requests: readonly { readonly path: string; readonly isWatch: boolean }[];
}

/** A recording as a cluster: at every moment of the clock it is as the real one was then. */
export function simulatedCluster(
  recording: Recording,
  clock: VirtualClock,
  chance: Chance,
): SimulatedCluster {
  const requests: { path: string; isWatch: boolean }[] = [];
  const { messages } = recording;
  const http: KubeHttp = {
    // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the port's own signature
    async request<T>({ path, query = {}, signal }: Parameters<KubeHttp["request"]>[0]) {
      requests.push({ path, isWatch: false });
      await sleep(clock, chance.latencyMs(), signal);
      if (chance.fails()) throw unreachable(`GET ${path}`);
      const answer = read(messages, clock.now(), path, query);
      await sleep(clock, chance.latencyMs(), signal);
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the caller names what it asks for
      return answer as { kind: "ok"; body: T } | { kind: "not-found" };
    },
    async open({ path, query = {}, signal }) {
      requests.push({ path, isWatch: true });
      await sleep(clock, chance.latencyMs(), signal);
      if (chance.fails()) throw unreachable(`watch ${path}`);
      if (!chance.mayWatch(clock.now(), query["fieldSelector"] !== undefined)) return forbidden;
      const watch = { recording, clock, chance, path, query, signal };
      return { status: 200, body: watchBody(watch), complete: () => true };
    },
    close() {},
  };
  return { http, requests };
}

const forbidden: KubeStream = {
  status: 403,
  body: (async function* () {})(),
  complete: () => true,
  message: "cannot watch",
  reason: "Forbidden",
};

function unreachable(what: string): KubeHttpError {
  return new KubeHttpError("KUBE_UNREACHABLE", `${what}: nobody there`, {});
}

function resourceOf(path: string): { readonly resource: string; readonly name?: string } {
  const [resource = "", name] = path.replace(/^.*\/namespaces\/[^/]+\//, "").split("/");
  return name === undefined ? { resource } : { resource, name };
}

/** The objects of a kind as they were at a time, and the version they had then. */
function stateAt(
  messages: readonly Message[],
  resource: string,
  at: number,
): { readonly objects: Map<string, RecordedObject>; readonly version: number } {
  const objects = new Map<string, RecordedObject>();
  let version = 0;
  messages.forEach((message, index) => {
    if (message.at > at) return;
    version = index + 1;
    if (message.resource !== resource) return;
    const { uid } = message.object.metadata;
    if (message.type === "DELETED") objects.delete(uid);
    else objects.set(uid, message.object);
  });
  return { objects, version };
}

function read(messages: readonly Message[], at: number, path: string, query: KubeQuery): unknown {
  if (path.startsWith("/api/v1/nodes/")) return { kind: "not-found" };
  const { resource, name } = resourceOf(path);
  const { objects, version } = stateAt(messages, resource, at);
  const all = [...objects.values()];
  if (name !== undefined) {
    const found = all.find(({ metadata }) => metadata.name === name);
    return found === undefined ? { kind: "not-found" } : { kind: "ok", body: found };
  }
  const items = all.filter((one) =>
    resource === "events" ? isAbout(one, query) : isSelected(one, query),
  );
  return { kind: "ok", body: { metadata: { resourceVersion: String(version) }, items } };
}

/** A selector of the hub's own lets all through. */
function isSelected({ metadata }: RecordedObject, { labelSelector = "" }: KubeQuery): boolean {
  const [label = "", value] = String(labelSelector).split("=");
  return label !== "job-name" || metadata.labels?.[label] === value;
}

function isAbout({ involvedObject }: RecordedObject, { fieldSelector }: KubeQuery): boolean {
  const wanted = `involvedObject.kind=${involvedObject?.kind ?? ""},involvedObject.name=${involvedObject?.name ?? ""}`;
  return String(fieldSelector).startsWith(wanted);
}

type Watch = {
  readonly recording: Recording;
  readonly clock: VirtualClock;
  readonly chance: Chance;
  readonly path: string;
  readonly query: KubeQuery;
  readonly signal: AbortSignal;
};

const encoder = new TextEncoder();

function line(type: string, object: object, version: number): Uint8Array {
  const { metadata = {} } = object as { metadata?: object };
  const versioned = { ...object, metadata: { ...metadata, resourceVersion: String(version) } };
  return encoder.encode(`${JSON.stringify({ type, object: versioned })}\n`);
}

async function* watchBody(watch: Watch): AsyncGenerator<Uint8Array, void, undefined> {
  const { recording, clock, chance, path, query, signal } = watch;
  const { resource } = resourceOf(path);
  const { messages } = recording;
  let version = Number(query["resourceVersion"] ?? 0);
  if (query["sendInitialEvents"] === true) {
    const state = stateAt(messages, resource, clock.now());
    ({ version } = state);
    for (const object of state.objects.values()) yield line("ADDED", object, version);
    yield line("BOOKMARK", endOfInitial, version);
  }
  const endsAt = clock.now() + Number(query["timeoutSeconds"] ?? 300) * 1_000;
  for (let index = version; index < messages.length; index++) {
    const message = messages[index];
    if (message?.resource !== resource) continue;
    const cut = chance.cut();
    if (cut === "clean") return;
    if (cut === "reset") throw unreachable("the watch was cut");
    if (cut === "garbage") yield encoder.encode('{"type":\n');
    if (cut === "expired") {
      yield line("ERROR", { kind: "Status", code: 410 }, index);
      return;
    }
    await sleep(clock, Math.max(0, message.at - clock.now()) + chance.delayMs(), signal);
    yield line(message.type, message.object, index + 1);
    if (chance.repeats()) yield line(message.type, message.object, index + 1);
  }
  for (let at = clock.now() + 60_000; at < endsAt; at += 60_000) {
    await sleep(clock, at - clock.now(), signal);
    yield line("BOOKMARK", {}, messages.length);
  }
  await sleep(clock, Math.max(0, endsAt - clock.now()), signal);
}

const endOfInitial = { metadata: { annotations: { "k8s.io/initial-events-end": "true" } } };
