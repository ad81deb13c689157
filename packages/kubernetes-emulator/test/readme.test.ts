import { readFile } from "node:fs/promises";
import { expect, test, vi } from "vitest";

const examples = {
  "readme-example.ts": { load: () => import("./readme-example.ts"), prints: [[201]] },
  "readme-faults.ts": {
    load: () => import("./readme-faults.ts"),
    prints: [["fetch failed"], [["lose-reply"]]],
  },
};

test.each(Object.entries(examples))(
  "the README's example %s is the one that is compiled, and it prints what it says",
  async (file, { load, prints }) => {
    const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
    const example = await readFile(new URL(file, import.meta.url), "utf8");
    expect(readme).toContain(`\`\`\`ts\n${example}\`\`\``);
    const print = vi.spyOn(console, "log").mockImplementation(() => undefined);
    await load();
    expect(print.mock.calls).toEqual(prints);
    print.mockRestore();
  },
);
