import { overlayProblems } from "./overlay.ts";
import type { Problem, RunSpec } from "./types.ts";
import { checkAnnotations, checkLabels } from "./validate/labels.ts";
import { checkPlacement } from "./validate/placement.ts";
import { checkPreparations } from "./validate/preparations.ts";
import { checkProgram } from "./validate/program.ts";
import { type Check, checkInto, maybe, whole } from "./validate/rule.ts";
import { count, dnsLabel, dnsSubdomain, positive } from "./validate/rules.ts";
import { readSpec } from "./validate/spec-shape.ts";
import { checkSidecars } from "./validate/sidecars.ts";
import { checkContainerNames, checkMountsByName, checkVolumes } from "./validate/volumes.ts";

/** A DNS label less what the Job controller adds to name a pod. */
const nameMax = 57;

/** 253 less the number that further Secrets have. */
const secretNameMax = 249;

const largestId = 2 ** 31 - 1;

/** What is wrong with a spec: fields of another kind than they should be, then their content. */
export function specProblems(given: RunSpec): Problem[] {
  const misfits: Problem[] = [];
  const spec = readSpec(given, misfits);
  const isMisfit = (path: string) =>
    misfits.some(
      (one) =>
        path === one.path ||
        (path.startsWith(one.path) && /^[.[]/.test(path.slice(one.path.length))),
    );
  return [...misfits, ...contentProblems(spec).filter(({ path }) => !isMisfit(path))];
}

function contentProblems(spec: RunSpec): Problem[] {
  const problems: Problem[] = [];
  const check = checkInto(problems);
  check("name", spec.name, dnsLabel(nameMax));
  check("namespace", spec.namespace, dnsLabel());
  checkLabels(check, "labels", spec.labels);
  checkAnnotations(check, "annotations", spec.annotations);
  checkProgram(check, spec);
  checkContainerNames(check, spec);
  check("secretName", spec.secretName, maybe(dnsSubdomain(secretNameMax)));
  checkIdentity(check, spec);
  checkVolumes(check, spec);
  checkSidecars(check, spec);
  checkPreparations(check, spec);
  checkMountsByName(check, spec);
  checkPlacement(check, spec.placement);
  checkLife(check, spec);
  return [...problems, ...overlayProblems(spec)];
}

function checkIdentity(check: Check, { identity = {} }: RunSpec): void {
  check("identity.uid", identity.uid, maybe(whole(1, largestId)));
  check("identity.gid", identity.gid, maybe(whole(0, largestId)));
  check("identity.fsGroup", identity.fsGroup, maybe(whole(0, largestId)));
}

function checkLife(check: Check, { life = {} }: RunSpec): void {
  check("life.ttlSecondsAfterFinished", life.ttlSecondsAfterFinished, maybe(count));
  check("life.terminationGracePeriodSeconds", life.terminationGracePeriodSeconds, maybe(count));
  check("life.activeDeadlineSeconds", life.activeDeadlineSeconds, maybe(positive));
  check("life.runLimitSeconds", life.runLimitSeconds, maybe(positive));
}
