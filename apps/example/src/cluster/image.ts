import { ExampleError } from "../errors.ts";
import type { OpenCluster } from "./open-cluster.ts";
export async function provideImage(
  _open: OpenCluster,
  _options: { image: string | undefined; say: (text: string) => void; signal: AbortSignal },
): Promise<string> {
  if (_options.image !== undefined) return _options.image;
  throw new ExampleError("EXAMPLE_NO_IMAGE", "not yet");
}
