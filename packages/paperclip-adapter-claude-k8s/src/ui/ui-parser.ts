// The host's UI evaluates this file, built as CommonJS without imports, in a worker of the browser.
export { parseStdoutLine } from "./transcript-entries.ts";
