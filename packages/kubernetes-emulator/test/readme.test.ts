import { readFile } from "node:fs/promises";
import { expect, test, vi } from "vitest";

test("the README's example is the one that is compiled, and it runs", async () => {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const example = await readFile(new URL("readme-example.ts", import.meta.url), "utf8");
  expect(readme).toContain(`\`\`\`ts\n${example}\`\`\``);
  const print = vi.spyOn(console, "log").mockImplementation(() => undefined);
  await import("./readme-example.ts");
  expect(print).toHaveBeenCalledWith(201);
  print.mockRestore();
});
