import { mainName, scratchName, scratchPaths } from "../containers.ts";
import { inputDirectory, inputVolume, joinedDirectory, joinedVolume } from "../input.ts";
import type { KeyToPath, VolumeSource } from "../pod-types.ts";
import type { RunMount } from "../program-types.ts";
import type { RunSpec } from "../types.ts";
import { type Check, itemsOf, maybe, oneOf, type Rule, text, when, whole } from "./rule.ts";
import { amount, dataKey, dnsLabel, dnsSubdomain, mountPath, relativePath } from "./rules.ts";

/** Kinds that the Pod Security standard `restricted` allows. */
const kinds = new Set([
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "persistentVolumeClaim",
  "projected",
  "secret",
]);

const accessModes = ["ReadWriteOnce", "ReadWriteOncePod", "ReadWriteMany", "ReadOnlyMany"];
const ownDirectory = text(
  "outside /run/claude-k8s, where the run's input is",
  (path) => path !== "/run/claude-k8s" && !path.startsWith("/run/claude-k8s/"),
);

export function checkVolumes(check: Check, spec: RunSpec): void {
  const scratch = scratchPaths(spec);
  const names = once([inputVolume, joinedVolume, ...scratch.map((_, index) => scratchName(index))]);
  const mounted = once([inputDirectory, joinedDirectory]);
  const mount = (path: string, value: unknown, isOnce: Rule) => {
    check(path, value, mountPath);
    check(path, value, ownDirectory);
    check(path, value, isOnce);
  };

  for (const path of Object.keys(spec.program.files ?? {}))
    mount(`program.files["${path}"]`, path, mounted);
  for (const { item, path } of itemsOf("program.scratch", spec.program.scratch))
    mount(path, item, mounted);

  for (const { item, path } of itemsOf("volumes", spec.volumes)) {
    check(`${path}.name`, item.name, dnsLabel());
    check(`${path}.name`, item.name, names);
    checkSource(check, `${path}.source`, item.source);
    check(`${path}.accessMode`, item.accessMode, maybe(oneOf(...accessModes)));
    for (const one of itemsOf(`${path}.mounts`, item.mounts)) {
      mount(`${one.path}.path`, one.item.path, mounted);
      checkMount(check, one.path, one.item);
    }
  }
}

/** Of sidecars and preparations: which volume and where. */
export function checkMountsByName(check: Check, spec: RunSpec): void {
  const volumes = new Set((spec.volumes ?? []).map(({ name }) => name));
  for (const container of besideProgram(spec)) {
    const mounted = once([]);
    for (const { item, path } of itemsOf(`${container.path}.mounts`, container.item.mounts)) {
      const isKnown = when(volumes.has(item.volume), "the name of one of the run's volumes");
      check(`${path}.volume`, item.volume, isKnown);
      check(`${path}.path`, item.path, mountPath);
      check(`${path}.path`, item.path, mounted);
      checkMount(check, path, item);
    }
  }
}

/** Of the containers' names. */
export function checkContainerNames(check: Check, spec: RunSpec): void {
  check("containerName", spec.containerName, maybe(dnsLabel()));
  const names = once([spec.containerName ?? mainName]);
  for (const { item, path } of besideProgram(spec)) {
    check(`${path}.name`, item.name, dnsLabel());
    check(`${path}.name`, item.name, names);
  }
}

function besideProgram({ sidecars, preparations }: RunSpec) {
  return [...itemsOf("sidecars", sidecars), ...itemsOf("preparations", preparations)];
}

function checkMount(check: Check, path: string, { subPath }: RunMount): void {
  check(`${path}.subPath`, subPath, maybe(relativePath));
}

function checkSource(check: Check, path: string, source: VolumeSource): void {
  const given = Object.keys(source);
  const isOne = given.length === 1 && given.every((kind) => kinds.has(kind));
  check(path, given.join(", "), when(isOne, `exactly one of ${[...kinds].join(", ")}`));
  if (!isOne) return;
  const { emptyDir, persistentVolumeClaim: claim, secret, configMap } = source;
  if (emptyDir !== undefined) {
    check(`${path}.emptyDir.medium`, emptyDir.medium, maybe(oneOf("", "Memory")));
    check(`${path}.emptyDir.sizeLimit`, emptyDir.sizeLimit, maybe(amount));
  }
  if (claim !== undefined)
    check(`${path}.persistentVolumeClaim.claimName`, claim.claimName, dnsSubdomain());
  if (secret !== undefined) {
    check(`${path}.secret.secretName`, secret.secretName, dnsSubdomain());
    checkItems(check, `${path}.secret`, secret);
  }
  if (configMap !== undefined) {
    check(`${path}.configMap.name`, configMap.name, dnsSubdomain());
    checkItems(check, `${path}.configMap`, configMap);
  }
}

function checkItems(
  check: Check,
  at: string,
  { items, defaultMode }: { items?: KeyToPath[]; defaultMode?: number },
): void {
  check(`${at}.defaultMode`, defaultMode, maybe(whole(0, 0o777)));
  const paths = once([]);
  for (const { item, path } of itemsOf(`${at}.items`, items)) {
    check(`${path}.key`, item.key, dataKey);
    check(`${path}.path`, item.path, relativePath);
    check(`${path}.path`, item.path, paths);
    check(`${path}.mode`, item.mode, maybe(whole(0, 0o777)));
  }
}

/** Holds the first time it sees a value. */
function once(taken: readonly string[]): Rule {
  const seen = new Set<unknown>(taken);
  return {
    says: "used once",
    holds(value) {
      const isNew = !seen.has(value);
      seen.add(value);
      return isNew;
    },
  };
}
