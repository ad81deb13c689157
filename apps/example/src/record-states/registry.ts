import { createServer } from "node:http";

export interface Registry extends AsyncDisposable {
  readonly port: number;
}

const refusals: Readonly<Record<string, readonly [number, string, string]>> = {
  absent: [404, "MANIFEST_UNKNOWN", "manifest unknown"],
  denied: [403, "DENIED", "requested access to the resource is denied"],
  throttled: [429, "TOOMANYREQUESTS", "You have reached your pull rate limit"],
};

/**
 * An image registry on this machine that has no image and says so in different words. Runtimes speak
 * plain HTTP to a registry on the loopback address, so it serves a node that is this machine. Of every other
 * image it says nothing at all.
 */
export async function startRegistry(wanted: number): Promise<Registry> {
  const server = createServer((request, answer) => {
    const [, , repository = ""] = (request.url ?? "").split("/");
    const refusal = repository === "" ? ([200, "", ""] as const) : refusals[repository];
    if (refusal === undefined) {
      request.socket.destroy();
      return;
    }
    const [status, code, message] = refusal;
    answer.writeHead(status, {
      "Content-Type": "application/json",
      "Docker-Distribution-Api-Version": "registry/2.0",
    });
    answer.end(status === 200 ? "{}" : JSON.stringify({ errors: [{ code, message }] }));
  });
  await new Promise<void>((resolve) => server.listen(wanted, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" ? (address?.port ?? 0) : 0;
  return {
    port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
