// What the log endpoint answers.
import type { V1Pod } from "@kubernetes/client-node";
import { describe } from "vitest";
import { type ClusterUnderTest, test } from "./cluster.ts";
import { isRunning, isTerminated, nameOf, newName, runJob } from "./job.ts";
import { create, eventually, get, ok, podOf, readLog, remove, textOf } from "./objects.ts";

/** The log of a program that has ended. */
async function logOf(
  cluster: ClusterUnderTest,
  script: string,
): Promise<(query?: Record<string, string | number | boolean>) => Promise<string>> {
  const job = await runJob(cluster, script);
  const pod = nameOf(await podOf(cluster, job.name, isTerminated));
  return async (query = {}) => textOf(await readLog(cluster, pod, query));
}

const stamp = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,9}(?:Z|[+-]\d\d:\d\d)`;

function time(line: string): string {
  return line.slice(0, line.indexOf(" "));
}

/** The numbers that lines begin with. */
function numbers(text: string): number[] {
  const lines = text.split("\n").slice(0, -1);
  return lines.map((line) => Number(line.slice(0, 8)));
}

describe.concurrent("of a program that has ended", () => {
  test("is what it wrote, byte for byte", async ({ cluster, expect }) => {
    const read = await logOf(cluster, String.raw`printf 'eins\n\nzwölf — 日本語 🙂\n'`);
    expect(await read()).toBe("eins\n\nzwölf — 日本語 🙂\n");
  });

  test("with timestamps every line begins with one and a space", async ({ cluster, expect }) => {
    const read = await logOf(cluster, "echo one; sleep 0.05; echo; echo three");
    const lines = (await read({ timestamps: true })).split("\n");
    expect(lines.pop()).toBe("");
    expect(lines).toHaveLength(3);
    for (const line of lines) expect(line).toMatch(new RegExp(`^${stamp} `));
    expect(lines.map((line) => line.slice(line.indexOf(" ") + 1))).toEqual(["one", "", "three"]);
    const times = lines.map((line) => Date.parse(line.slice(0, line.indexOf(" "))));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  test("a last line without newline comes without one, on every read", async ({
    cluster,
    expect,
  }) => {
    const read = await logOf(cluster, "echo first; printf tail");
    expect(await read()).toBe("first\ntail");
    expect(await read({ follow: true })).toBe("first\ntail");
    expect(await read({ tailLines: 1 })).toBe("tail");
    expect(await read({ tailLines: 2 })).toBe("first\ntail");
  });

  test("tailLines are the last, 0 none, and more than there are all", async ({
    cluster,
    expect,
  }) => {
    const read = await logOf(cluster, "for i in 1 2 3 4 5; do echo $i; done");
    expect(await read({ tailLines: 2 })).toBe("4\n5\n");
    expect(await read({ tailLines: 0 })).toBe("");
    expect(await read({ tailLines: 50 })).toBe("1\n2\n3\n4\n5\n");
    expect(await read({ tailLines: 2, follow: true })).toBe("4\n5\n");
  });

  test("limitBytes cuts where it cuts", async ({ cluster, expect }) => {
    const read = await logOf(cluster, "for i in 1 2 3 4 5; do echo $i; done");
    expect(await read({ limitBytes: 5 })).toBe("1\n2\n3");
  });

  test("a line of many records is whole, but a tail of it is a fragment", async ({
    cluster,
    expect,
  }) => {
    // 20,000 characters: two records of at most 16 KiB each.
    const read = await logOf(cluster, `printf '%020000d\\n' 7; echo end`);
    expect(await read()).toBe(`${"0".repeat(19_999)}7\nend\n`);
    expect(await read({ tailLines: 2 })).toBe(`${"0".repeat(20_000 - 16_384 - 1)}7\nend\n`);
    const stamped = await read({ timestamps: true });
    expect(stamped.match(new RegExp(stamp, "g"))).toHaveLength(2);
  });

  test("a record of standard error within a line of standard output is spliced into it", async ({
    cluster,
    expect,
  }) => {
    // A record is written when 4 KiB have come behind it; the rest waits for its newline.
    const script = "printf '%030000d' 0; sleep 0.2; echo err >&2; sleep 0.2; echo b";
    const read = await logOf(cluster, script);
    const long = "0".repeat(16_384);
    const rest = "0".repeat(30_000 - 16_384);
    expect(await read()).toBe(`${long}err\n${rest}b\n`);
    expect(await read({ timestamps: true })).toMatch(
      new RegExp(`^${stamp} ${long}err\n${stamp} ${rest}b\n$`),
    );
  });

  test("records are cut inside a character; joined it is whole, a tail has half of it", async ({
    cluster,
    expect,
  }) => {
    const read = await logOf(cluster, String.raw`printf '%016383dé\n' 0`);
    expect(await read()).toBe(`${"0".repeat(16_383)}é\n`);
    expect(await read({ tailLines: 1 })).toBe("\ufffd\n");
  });

  test("windows line ends lose the carriage return, others stay", async ({ cluster, expect }) => {
    const read = await logOf(cluster, String.raw`printf 'one\r\n\r\ntw\ro\n'`);
    expect(await read()).toBe("one\n\ntw\ro\n");
  });

  test("sinceTime judges records: of a line across it the rest is left, without a timestamp", async ({
    cluster,
    expect,
  }) => {
    const script = String.raw`printf '%030000d' 0; sleep 1.2; printf '\nafter\n'`;
    const read = await logOf(cluster, script);
    const [first = "", after = ""] = (await read({ timestamps: true })).split("\n");
    expect(Date.parse(time(after))).toBeGreaterThan(Date.parse(time(first)) + 1_100);
    const rest = "0".repeat(30_000 - 16_384);
    // The API server cuts the fraction off, so that what came in the same second is there too.
    const since = { sinceTime: time(after) };
    expect(await read(since)).toBe(`${rest}\nafter\n`);
    expect(await read({ ...since, timestamps: true })).toBe(`${rest}\n${after}\n`);
  });

  test("limitBytes counts timestamps too", async ({ cluster, expect }) => {
    const read = await logOf(cluster, "echo one; echo two");
    const whole = await read({ timestamps: true });
    expect(await read({ timestamps: true, limitBytes: 20 })).toBe(whole.slice(0, 20));
  });

  test("standard error is in it too", async ({ cluster, expect }) => {
    const read = await logOf(cluster, "echo out; sleep 0.2; echo err >&2; sleep 0.2; echo again");
    expect(await read()).toBe("out\nerr\nagain\n");
  });

  test("a program that says nothing has an empty one", async ({ cluster, expect }) => {
    const read = await logOf(cluster, "true");
    expect(await read()).toBe("");
    expect(await read({ follow: true, timestamps: true })).toBe("");
  });
});

describe.concurrent("of a program that runs", () => {
  test("follow brings lines as they come and ends with the program", async ({
    cluster,
    expect,
  }) => {
    const script = "trap 'echo two; exit 0' TERM; echo one; while :; do sleep 0.1; done";
    const job = await runJob(cluster, script);
    const pod = nameOf(await podOf(cluster, job.name, isRunning));
    const log = await readLog(cluster, pod, { follow: true });
    expect(log.status).toBe(200);
    const chunks: string[] = [];
    for await (const chunk of log.body) {
      // The first line is here while the program still runs; told to end, it says the second.
      if (chunks.length === 0) await remove(cluster, ["pods", pod]);
      chunks.push(Buffer.from(chunk).toString("utf8"));
    }
    expect(chunks).toEqual(["one\n", "two\n"]);
    expect(log.complete()).toBe(true);
  });

  test("without follow it is what there is so far", async ({ cluster, expect }) => {
    const job = await runJob(cluster, "echo now; trap 'exit 0' TERM; while :; do sleep 0.1; done");
    const pod = nameOf(await podOf(cluster, job.name, isRunning));
    const text = await eventually(async () => {
      const read = await textOf(await readLog(cluster, pod));
      return read === "" ? undefined : read;
    });
    expect(text).toBe("now\n");
  });
});

describe("that is rotated", () => {
  test("is read from the newest file on, but a follow has all of it", async ({
    cluster,
    expect,
    skip,
  }) => {
    const { rotatesAt } = cluster;
    skip(
      rotatesAt === undefined,
      "the cluster rotates logs too late: CONTAINER_LOG_MAX_SIZE=100Ki",
    );
    // 30 kB every 0.4 s, for longer than a kubelet that looks every three seconds needs.
    const burst = "while [ $((i % 300)) != 0 ]; do line; done";
    const line = "line() { i=$((i + 1)); printf '%08d %091d\\n' $i 0; }";
    const script = `${line}; i=0; for n in 1 2 3 4 5 6 7 8 9 10 11 12; do line; ${burst}; sleep 0.4; done; sleep 1`;
    const job = await runJob(cluster, script);
    const pod = nameOf(await podOf(cluster, job.name, isRunning));
    const followed = numbers(await textOf(await readLog(cluster, pod, { follow: true })));
    expect(followed).toEqual(Array.from({ length: 3_600 }, (_, at) => at + 1));
    const read = numbers(await textOf(await readLog(cluster, pod)));
    expect(read.length).toBeLessThan(3_600);
    expect(read).toEqual(followed.slice(followed.length - read.length));
  });
});

describe.concurrent("that cannot be had", () => {
  test("of a pod that does not exist: 404", async ({ cluster, expect }) => {
    const log = await readLog(cluster, "nobody");
    expect(log).toMatchObject({ status: 404, reason: "NotFound" });
    expect(log.message).toContain('pods "nobody" not found');
  });

  test("of a container that does not exist: 400, and it names the containers", async ({
    cluster,
    expect,
  }) => {
    const job = await runJob(cluster, "true");
    const pod = nameOf(await podOf(cluster, job.name, isTerminated));
    const log = await readLog(cluster, pod, { container: "other" });
    expect(log).toMatchObject({ status: 400, reason: "BadRequest" });
    expect(log.message).toContain(`container other is not valid for pod ${pod}`);
  });

  test("of an earlier container when there was none: 400", async ({ cluster, expect }) => {
    const job = await runJob(cluster, "true");
    const pod = nameOf(await podOf(cluster, job.name, isTerminated));
    const log = await readLog(cluster, pod, { container: "main", previous: true });
    expect(log.status).toBe(400);
    expect(log.message).toContain(`previous terminated container "main" in pod "${pod}" not found`);
  });

  test("of a container that waits: 400, and it says for what", async ({ cluster, expect }) => {
    const job = await runJob(cluster, "true", { container: { image: "nobody.invalid/none:1" } });
    const pod = await podOf(
      cluster,
      job.name,
      (one) => one.status?.containerStatuses?.[0]?.state?.waiting !== undefined,
    );
    const log = await readLog(cluster, nameOf(pod), { follow: true });
    expect(log.status).toBe(400);
    expect(log.message).toMatch(
      /container "main" in pod "[^"]+" is waiting to start: (ContainerCreating|trying and failing to pull image|image can't be pulled|ErrImagePull|ImagePullBackOff)/,
    );
  });

  test("of a pod without a node: nothing, 204 or an empty 200", async ({ cluster, expect }) => {
    const job = await runJob(cluster, "true", { pod: { nodeSelector: { nobody: "here" } } });
    const pod = nameOf(await podOf(cluster, job.name));
    const log = await readLog(cluster, pod);
    expect([200, 204]).toContain(log.status);
    expect(await textOf(log)).toBe("");
  });
});

test("previous is the container before the restart", async ({ cluster, expect }) => {
  const name = newName("again");
  // What it says is another in each container: its process, or at least the second, differs.
  const script = 'echo "$$$$ $(date +%s)"; sleep 2; exit 3';
  await create(cluster, "pods", {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name },
    spec: {
      restartPolicy: "OnFailure",
      terminationGracePeriodSeconds: 0,
      containers: [
        {
          name: "main",
          image: cluster.image,
          imagePullPolicy: "IfNotPresent",
          command: ["sh", "-c", script],
        },
      ],
    },
  });
  const read = async (query: Record<string, boolean>): Promise<string> =>
    textOf(await readLog(cluster, name, query));
  const first = await eventually(async () => (await read({})) || undefined);
  await eventually(async () => {
    const pod = ok(await get<V1Pod>(cluster, "pods", name));
    const [status] = pod.status?.containerStatuses ?? [];
    return status?.restartCount === 1 && status.state?.running !== undefined ? true : undefined;
  });
  expect(await read({ previous: true })).toBe(first);
  expect(await eventually(async () => (await read({})) || undefined)).not.toBe(first);
});
