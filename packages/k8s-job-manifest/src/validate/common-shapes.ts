import { list, number, optional, record, type Shape, text } from "./shape.ts";

/** Kinds that many fields have. */
export const texts: Shape = optional(list(text));
export const maybeText: Shape = optional(text);
export const maybeNumber: Shape = optional(number);
export const variables: Shape = optional(record(text));
