/** Events as the CLI writes them, as short as a verdict needs them. */
export const init: object = {
  type: "system",
  subtype: "init",
  model: "m",
  session_id: "s",
  tools: ["Bash"],
};
export const answer: object = {
  type: "assistant",
  message: { id: "i", model: "m", content: [{ type: "text", text: "Yes." }] },
};
export const result = (rest: object = {}): object => ({
  type: "result",
  subtype: "success",
  is_error: false,
  num_turns: 1,
  result: "Yes.",
  ...rest,
});
/** An API error as the CLI reports it: subtype success, is_error true, and a message of its own. */
export const failed = (text: string, rest: object = {}, error?: string): object[] => [
  init,
  {
    type: "assistant",
    message: { model: "<synthetic>", content: [{ type: "text", text }] },
    error,
  },
  result({ is_error: true, result: text, ...rest }),
];
export const ofType = (status: number, type: string): string =>
  `API Error: ${status} ${JSON.stringify({ type: "error", error: { type, message: "The words." } })}`;
