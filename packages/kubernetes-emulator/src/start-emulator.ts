import { createAccess } from "./access.ts";
import { startApiServer } from "./api-server.ts";
import type { ServerCertificate } from "./certificates.ts";
import { createClock } from "./clock.ts";
import { createEventRecorder } from "./events.ts";
import { createFaultPlan } from "./fault-plan.ts";
import { startGarbageCollector } from "./garbage-collector.ts";
import { createIdentity } from "./identity.ts";
import { startJobController } from "./job-controller.ts";
import { kubeConfigText } from "./kube-config.ts";
import { startKubelet } from "./kubelet.ts";
import type { KubeletWorld } from "./kubelet-world.ts";
import { createLogClock } from "./log-clock.ts";
import { createLogTroubles } from "./log-troubles.ts";
import { createNodeContainers } from "./node-containers.ts";
import { createNodeLife } from "./node-life.ts";
import { createNodeGate } from "./node-gate.ts";
import { readOptions } from "./options.ts";
import { startScheduler } from "./scheduler.ts";
import { seedCluster } from "./seed-cluster.ts";
import { createWatchCache } from "./watch-cache.ts";
import { startServiceAccounts } from "./service-accounts.ts";
import { createStore } from "./store.ts";
import type { Emulator, EmulatorOptions, Program } from "./types.ts";

/**
 * Starts a Kubernetes API server in this process, on 127.0.0.1, with the controllers that bring a Job
 * to its end and a node whose containers are {@link Program}s.
 *
 * Throws EmulatorError: `EMULATOR_OPTION_INVALID`, `EMULATOR_LISTEN_FAILED`.
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const settings = readOptions(options);
  const clock = createClock();
  const identity = createIdentity(settings.seed);
  const store = createStore(settings.historyLimit);
  const programs = new Map<string, Program>();
  const gate = createNodeGate(clock);
  const logClock = createLogClock(() => clock.now(), settings.logClockGrainMs);
  const troubles = createLogTroubles();
  const world: KubeletWorld = {
    store,
    clock,
    identity,
    programs,
    latency: settings.latency,
    claimFolders: settings.claimFolders,
    logMaxBytes: settings.logMaxBytes,
    logClock,
    record: createEventRecorder(store, clock, identity),
    awake: () => gate.awake(),
    isAway: () => gate.state === "down",
  };
  const stopAccounts = startServiceAccounts(store, clock, identity);
  seedCluster(world, settings);
  const access = createAccess();
  const kubelet = startKubelet(world);
  const stops = [
    stopAccounts,
    startScheduler(world),
    startJobController(world),
    startGarbageCollector(store, clock),
  ];
  const certificate = settings.tls ? await makeCertificate(clock.now()) : undefined;
  const { bookmarkMs, watchList } = settings;
  const cache = createWatchCache(store, clock, settings.watchCacheLagMs);
  const faults = createFaultPlan(() => clock.now());
  const logs = {
    clock: logClock,
    troubles,
    zoneMinutes: settings.logZoneMinutes,
    followLimitMs: settings.logFollowLimitMs,
    stuckFollow: settings.stuckFollow,
  };
  const parts = {
    store,
    clock,
    identity,
    access,
    kubelet,
    gate,
    faults,
    logs,
    cache,
    bookmarkMs,
    watchList,
  };
  const server = await startApiServer(parts, { port: settings.port, certificate });
  const url = `${certificate === undefined ? "http" : "https"}://127.0.0.1:${server.port}`;

  return {
    url,
    kubeConfig: kubeConfigText(url, certificate?.ca),
    program: (image, program) => void programs.set(image, program),
    deny: (rule) => access.deny(rule),
    node: {
      ...createNodeContainers({ store, kubelet, troubles, logClock }),
      ...createNodeLife({ store, clock, kubelet, gate }),
      cutLogStreams: (how) => gate.cut(how),
      restartKubelet: ({ downMs = 20, unknownMs = 10 } = {}) => gate.restart({ downMs, unknownMs }),
    },
    faults,
    requests: server.requests,
    connections: () => server.connections(),
    [Symbol.asyncDispose]: async () => {
      for (const stop of stops) stop();
      // Workers are told to stop before the clock lets go of every wait: none begins anew.
      const containers = kubelet.close();
      clock.close();
      await containers;
      await server.close();
    },
  };
}

/** Loaded only for TLS: the library sets up global decorator metadata when it is imported. */
async function makeCertificate(now: number): Promise<ServerCertificate> {
  const { createCertificate } = await import("./certificates.ts");
  return createCertificate(now);
}
