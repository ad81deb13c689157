import { Agent, get, type RequestOptions } from "node:https";
import { text } from "node:stream/consumers";
import type { KubeConfig } from "@kubernetes/client-node";
import { Ajv, type ValidateFunction } from "ajv";

type Schema = {
  type?: string;
  enum?: string[];
  properties?: Record<string, Schema>;
  additionalProperties?: unknown;
};

type OpenApi = { components: { schemas: Record<string, Schema> } };

/**
 * Validators of the kinds in a group's OpenAPI document, as this API server publishes it. Stricter than the
 * document in one thing: a field that it does not have is refused, as `fieldValidation=Strict` does.
 */
export async function publishedSchema(
  config: KubeConfig,
  group: "api/v1" | "apis/batch/v1",
): Promise<(kind: string) => ValidateFunction> {
  const { components } = JSON.parse(await fetched(config, `/openapi/v3/${group}`)) as OpenApi;
  for (const schema of Object.values(components.schemas)) {
    if (schema.properties !== undefined) schema.additionalProperties ??= false;
    // To the API server an empty text is a field that is not there; the document does not list it.
    for (const field of Object.values(schema.properties ?? {})) field.enum?.push("");
  }
  // Formats such as `int-or-string` and the `x-kubernetes-` words are Kubernetes' own.
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
  ajv.addSchema({ $id: group, components });
  return (kind) => ajv.compile({ $ref: `${group}#/components/schemas/${kind}` });
}

async function fetched(config: KubeConfig, path: string): Promise<string> {
  const options: RequestOptions = { headers: { accept: "application/json" } };
  await config.applyToHTTPSOptions(options);
  const { server = "" } = config.getCurrentCluster() ?? {};
  const { agent } = options;
  try {
    return await new Promise<string>((resolve, reject) => {
      const request = get(`${server}${path}`, options, (response) => {
        text(response).then(
          (body) => (response.statusCode === 200 ? resolve(body) : reject(new Error(body))),
          reject,
        );
      });
      request.on("error", reject);
    });
  } finally {
    if (agent instanceof Agent) agent.destroy();
  }
}
