interface Dropped {
  /** Why it has nothing to say any more. */
  readonly why: string;
  /** The switch without which it never had. */
  readonly of?: string;
}

/** Settings of earlier adapters of this type that are read no more. */
const dropped: Readonly<Record<string, Dropped>> = {
  enableRtk: { why: "the output of tools is not rewritten" },
  rtkMaxOutputBytes: { why: "the output of tools is not rewritten", of: "enableRtk" },
  secretRef: { why: "provider keys come from env or from the server's pod" },
  workspaceMountPath: { why: "home and workspace have fixed places in the pod" },
  secretsNamespace: { why: "Secrets are in the namespace of the Job" },
  enableDocker: { why: "pods run unprivileged" },
};

export function isDropped(key: string): boolean {
  return Object.hasOwn(dropped, key);
}

/** Names each that asked for something. The form also stores switches that are off. */
export function droppedWarnings(config: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(dropped).flatMap(([key, { why, of }]) =>
    isOff(config[key]) || (of !== undefined && isOff(config[of]))
      ? []
      : [`the setting ${key} is not used any more and was ignored: ${why}`],
  );
}

function isOff(value: unknown): boolean {
  return [undefined, null, "", false, "false"].some((off) => off === value);
}
