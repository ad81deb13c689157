import { expect, test } from "vitest";
import { screenOn } from "../../src/terminal/screen.ts";

function drawn(isTTY: boolean, env: NodeJS.ProcessEnv): string {
  let text = "";
  const screen = screenOn({ isTTY, columns: 80, write: (part) => (text += part) }, env);
  screen.line(screen.good("yes"));
  return text;
}

test.each([
  ["a terminal", true, {}, true],
  ["no terminal", false, {}, false],
  ["NO_COLOR", true, { NO_COLOR: "1" }, false],
  ["an empty NO_COLOR is none", true, { NO_COLOR: "" }, true],
  ["a dumb terminal", true, { TERM: "dumb" }, false],
])("colours: %s", (_what, isTTY, env, isColoured) => {
  expect(drawn(isTTY, env)).toBe(isColoured ? "\u001B[32myes\u001B[39m\n" : "yes\n");
});
