import type { Container } from "./kube-object.ts";
import type { Program } from "./types.ts";

export type PullResult =
  | { readonly kind: "ready"; readonly program: Program }
  | {
      readonly kind: "problem";
      readonly reason: string;
      readonly message: string;
      readonly backOff: boolean;
    };

/** `[registry/]path[:tag][@digest]` ("Images"); upper case is for tags and hosts only. */
const reference =
  /^(?:[a-zA-Z0-9.-]+(?::\d+)?\/)?[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*(?::[\w][\w.-]{0,127})?(?:@sha256:[a-f0-9]{64})?$/;

/** What the kubelet gets when it wants a container's image. An image is there when it has a program. */
export function pullImage(
  container: Container,
  programs: ReadonlyMap<string, Program>,
): PullResult {
  const { image } = container;
  if (!reference.test(image)) {
    return problem(
      "InvalidImageName",
      `Failed to apply default image tag "${image}": couldn't parse image name "${image}": invalid reference format`,
      false,
    );
  }
  const program = programs.get(image);
  if (program !== undefined) return { kind: "ready", program };
  if (container.imagePullPolicy === "Never") {
    return problem(
      "ErrImageNeverPull",
      `Container image "${image}" is not present with pull policy of Never`,
      false,
    );
  }
  const full = image.includes("/") ? image : `docker.io/library/${image}`;
  const tagged = /[:@][^/]*$/.test(full) ? full : `${full}:latest`;
  return problem(
    "ErrImagePull",
    `failed to pull and unpack image "${tagged}": failed to resolve reference "${tagged}": ${tagged}: not found`,
    true,
  );
}

function problem(reason: string, message: string, backOff: boolean): PullResult {
  return { kind: "problem", reason, message, backOff };
}
