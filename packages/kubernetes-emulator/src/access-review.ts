import { userName } from "./access.ts";
import type { ApiRequest } from "./api-request.ts";
import { isJsonObject, member, textMember } from "./json.ts";
import { json, type Answer, type ServerParts } from "./server-parts.ts";
import { badRequest } from "./status-error.ts";

export const accessReviewPath: string = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

/** Answers whether a right is there, by the same rules that refuse requests. */
export function reviewAccess(parts: ServerParts, request: ApiRequest): Answer {
  const spec = member(request.body, "spec");
  const asked = member(spec, "resourceAttributes");
  if (!isJsonObject(asked) && member(spec, "nonResourceAttributes") === undefined) {
    throw badRequest("SelfSubjectAccessReview needs resourceAttributes or nonResourceAttributes");
  }
  const subresource = textMember(asked, "subresource");
  const namespace = textMember(asked, "namespace");
  const allowed =
    !isJsonObject(asked) ||
    parts.access.allowed({
      verb: textMember(asked, "verb") ?? "",
      group: textMember(asked, "group") ?? "",
      resource: textMember(asked, "resource") ?? "",
      ...(subresource === undefined || subresource === "" ? {} : { subresource }),
      ...(namespace === undefined || namespace === "" ? {} : { namespace }),
    });
  const status = allowed
    ? { allowed, reason: `everything is allowed to ${userName}` }
    : { allowed };
  return json(
    {
      kind: "SelfSubjectAccessReview",
      apiVersion: "authorization.k8s.io/v1",
      metadata: {},
      spec,
      status,
    },
    201,
  );
}
