/** A container that could not be started: the kubelet reports code 128, reason `StartError`. */
export class StartError extends Error {
  override readonly name = "StartError";

  constructor(file: string, options?: ErrorOptions) {
    super(
      `failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: exec: "${file}": stat ${file}: no such file or directory: unknown`,
      options,
    );
  }
}
