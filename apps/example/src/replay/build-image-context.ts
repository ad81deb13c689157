import { writeImageContext } from "./image-context.ts";

// build-image-context.ts FOLDER
const folder = process.argv[2];
if (folder === undefined) {
  process.stderr.write("Expected a folder to write the image's build context to.\n");
  process.exitCode = 1;
} else {
  const { claude, dockerfile } = await writeImageContext(folder);
  process.stdout.write(`${claude}\n${dockerfile}\n`);
}
