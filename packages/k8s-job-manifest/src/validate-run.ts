import { inputDirectory, inputVolume } from "./input.ts";
import type { Problem, RunSpec } from "./types.ts";

const dnsLabel = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const labelText = /^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/;
const envName = /^[-._a-zA-Z][-._a-zA-Z0-9]*$/;

/** Everything that is wrong with a spec, in the order of its fields. Empty: `buildRun` will build it. */
export function validateRun(spec: RunSpec): Problem[] {
  const problems: Problem[] = [];
  const must = (holds: boolean, path: string, value: unknown, rule: string) => {
    if (!holds) problems.push({ path, value, rule });
  };

  must(isLabel(spec.name, 57), "name", spec.name, "a DNS label of at most 57 characters");
  must(isLabel(spec.namespace, 63), "namespace", spec.namespace, "a DNS label");
  for (const [key, value] of Object.entries(spec.labels))
    must(value.length <= 63 && labelText.test(value), `labels.${key}`, value, "a label value");

  const { program } = spec;
  must(program.image.trim() !== "", "program.image", program.image, "the name of an image");
  must((program.argv[0] ?? "") !== "", "program.argv", program.argv, "a program and its arguments");
  for (const [index, argument] of program.argv.entries())
    must(!argument.includes("\0"), `program.argv[${index}]`, argument, "text without NUL");
  for (const [key, value] of Object.entries(program.env ?? {})) {
    must(envName.test(key), `program.env.${key}`, key, "the name of a variable");
    must(!value.includes("\0"), `program.env.${key}`, value, "text without NUL");
  }
  for (const [key, value] of Object.entries(program.secretEnv ?? {})) {
    must(envName.test(key), `program.secretEnv.${key}`, key, "the name of a variable");
    must(
      !value.includes("\0"),
      `program.secretEnv.${key}`,
      `${value.length} characters`,
      "text without NUL",
    );
  }

  const paths = new Set([inputDirectory]);
  const mount = (path: string, at: string) => {
    must(path.startsWith("/"), at, path, "an absolute path");
    must(!paths.has(path), at, path, "a path that is mounted once");
    paths.add(path);
  };
  for (const path of Object.keys(program.files ?? {})) mount(path, `program.files["${path}"]`);
  const names = new Set([inputVolume]);
  for (const [index, volume] of (spec.volumes ?? []).entries()) {
    must(isLabel(volume.name, 63), `volumes[${index}].name`, volume.name, "a DNS label");
    must(
      !names.has(volume.name),
      `volumes[${index}].name`,
      volume.name,
      "a name that is used once",
    );
    names.add(volume.name);
    for (const [at, { path }] of volume.mounts.entries())
      mount(path, `volumes[${index}].mounts[${at}].path`);
  }
  return problems;
}

function isLabel(text: string, max: number): boolean {
  return text.length <= max && dnsLabel.test(text);
}
