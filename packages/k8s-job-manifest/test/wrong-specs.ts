/** Changes as a caller without types may make them. */
export type Loose = Record<string, unknown>;

/** Each row is a spec's change, the path that is complained about, and a word of the rule. */
export const rows: readonly [what: string, changes: Loose, path: string, rule: RegExp][] = [
  ["a name in capitals", { name: "Run" }, "name", /DNS label/],
  ["a name of 58 characters", { name: "a".repeat(58) }, "name", /57/],
  ["no namespace", { namespace: "" }, "namespace", /DNS label/],
  ["a label's value with a space", { labels: { a: "b c" } }, 'labels["a"]', /at most 63/],
  ["a label's value that is a number", { labels: { a: 1 } }, 'labels["a"]', /a text/],
  ["a label's key with two slashes", { labels: { "a/b/c": "" } }, 'labels["a/b/c"]', /label key/],
  [
    "a label of the Job controller",
    { labels: { "job-name": "x" } },
    'labels["job-name"]',
    /Job controller/,
  ],
  ["labels that are a list", { labels: [] }, "labels", /an object/],
  ["no labels", { labels: undefined }, "labels", /an object/],
  ["a misspelt field", { sidecar: [] }, "sidecar", /one of the fields .*sidecars/],
  ["a misspelt field within", { life: { ttl: 1 } }, "life.ttl", /ttlSecondsAfterFinished/],
  ["null instead of nothing", { secretName: null }, "secretName", /a text/],
  [
    "an overlay of a Job",
    { overlay: { kind: "Job" } },
    "overlay.kind",
    /one of the fields metadata, spec/,
  ],
  [
    "half a character in an annotation",
    { annotations: { a: "\ud800" } },
    'annotations["a"]',
    /surrogate/,
  ],
  ["no program", { program: { argv: [] } }, "program.argv[0]", /a program/],
  ["an argument with NUL", { program: { argv: ["a", "b\0"] } }, "program.argv[1]", /NUL/],
  [
    "an argument the kernel refuses",
    { program: { argv: ["a", "b".repeat(131_072)] } },
    "program.argv[1]",
    /131072/,
  ],
  ["no image", { program: { image: "" } }, "program.image", /image reference/],
  ["an image with a space", { program: { image: "a b" } }, "program.image", /image reference/],
  [
    "a pull policy of its own",
    { program: { imagePullPolicy: "Sometimes" } },
    "program.imagePullPolicy",
    /IfNotPresent/,
  ],
  [
    "a variable's name with =",
    { program: { env: { "A=B": "" } } },
    'program.env["A=B"]',
    /name of a variable/,
  ],
  ["a variable that is a number", { program: { env: { A: 1 } } }, 'program.env["A"]', /text/],
  [
    "a secret variable with NUL",
    { program: { secretEnv: { A: "\0" } } },
    'program.secretEnv["A"]',
    /NUL/,
  ],
  [
    "a relative working directory",
    { program: { workingDir: "tmp" } },
    "program.workingDir",
    /absolute/,
  ],
  ["an input that is an object", { program: { stdin: {} } }, "program.stdin", /bytes/],
  [
    "a file over 1 MB",
    { program: { files: { "/f": "x".repeat(1_000_001) } } },
    'program.files["/f"]',
    /volume/,
  ],
  [
    "an input over 16 MiB",
    { program: { stdin: new Uint8Array(2 ** 24 + 1) } },
    "program",
    /16777216/,
  ],
  [
    "more environment than a process takes",
    {
      program: {
        env: Object.fromEntries(
          Array.from({ length: 13 }, (_, i) => [`V${i}`, "x".repeat(130_000)]),
        ),
      },
    },
    "program",
    /1500000/,
  ],
  [
    "a file with two dots",
    { program: { files: { "/a/../b": "" } } },
    'program.files["/a/../b"]',
    /absolute/,
  ],
  [
    "a program file over 1 MB",
    { program: { files: { "/f": { content: "x".repeat(1_000_001), executable: true } } } },
    'program.files["/f"]',
    /volume/,
  ],
  [
    "a file that is half an object",
    { program: { files: { "/f": { executable: true } } } },
    'program.files["/f"].content',
    /bytes/,
  ],
  [
    "a file with a misspelt field",
    { program: { files: { "/f": { content: "", exec: true } } } },
    'program.files["/f"].exec',
    /content, executable/,
  ],
  ["a need that is relative", { program: { needs: ["a"] } }, "program.needs[0]", /absolute/],
  [
    "more needs than a script takes",
    { program: { needs: Array.from({ length: 5 }, (_, i) => `/${i}${"x".repeat(4_000)}`) } },
    "program.needs",
    /16384/,
  ],
  [
    "a file in /proc",
    { program: { files: { "/proc/x": "" } } },
    'program.files["/proc/x"]',
    /\/proc/,
  ],
  [
    "a file where the input is",
    { program: { files: { "/run/claude-k8s/input/x": "" } } },
    'program.files["/run/claude-k8s/input/x"]',
    /outside/,
  ],
  [
    "a request over its limit",
    { program: { resources: { requests: { cpu: "2" }, limits: { cpu: "1500m" } } } },
    'program.resources.requests["cpu"]',
    /at most the limit/,
  ],
  [
    "an amount that is none",
    { program: { resources: { limits: { memory: "1 GB" } } } },
    'program.resources.limits["memory"]',
    /quantity/,
  ],
  [
    "half a device",
    { program: { resources: { limits: { "a.io/gpu": "0.5" } } } },
    'program.resources.limits["a.io/gpu"]',
    /whole/,
  ],
  [
    "a device without a limit",
    { program: { resources: { requests: { "a.io/gpu": "1" } } } },
    'program.resources.limits["a.io/gpu"]',
    /same as the request/,
  ],
  [
    "an unknown resource",
    { program: { resources: { limits: { cpus: "1" } } } },
    'program.resources.limits["cpus"]',
    /ephemeral-storage/,
  ],
  ["a secretName in capitals", { secretName: "X" }, "secretName", /DNS name/],
  ["root", { identity: { uid: 0 } }, "identity.uid", /from 1/],
  ["a group with a fraction", { identity: { fsGroup: 0.5 } }, "identity.fsGroup", /whole/],
  ["a limit of no seconds", { life: { runLimitSeconds: 0 } }, "life.runLimitSeconds", /from 1/],
  [
    "a negative TTL",
    { life: { ttlSecondsAfterFinished: -1 } },
    "life.ttlSecondsAfterFinished",
    /from 0/,
  ],
  [
    "our own volume's name",
    { volumes: [{ name: "run-input", source: { emptyDir: {} }, mounts: [] }] },
    "volumes[0].name",
    /once/,
  ],
  [
    "a hostPath",
    { volumes: [{ name: "h", source: { hostPath: { path: "/" } }, mounts: [] }] },
    "volumes[0].source",
    /exactly one/,
  ],
  [
    "a volume of two kinds",
    { volumes: [{ name: "h", source: { emptyDir: {}, secret: {} }, mounts: [] }] },
    "volumes[0].source",
    /exactly one/,
  ],
  [
    "a path that is mounted twice",
    {
      program: { scratch: ["/w"] },
      volumes: [{ name: "v", source: { emptyDir: {} }, mounts: [{ path: "/w" }] }],
    },
    "volumes[0].mounts[0].path",
    /once/,
  ],
  [
    "an absolute subPath",
    { volumes: [{ name: "v", source: { emptyDir: {} }, mounts: [{ path: "/v", subPath: "/x" }] }] },
    "volumes[0].mounts[0].subPath",
    /relative/,
  ],
  [
    "a sidecar with the program's name",
    { sidecars: [{ name: "main", image: "x" }] },
    "sidecars[0].name",
    /once/,
  ],
  [
    "a sidecar with an unknown volume",
    { sidecars: [{ name: "s", image: "x", mounts: [{ volume: "v", path: "/v" }] }] },
    "sidecars[0].mounts[0].volume",
    /one of the run's volumes/,
  ],
  [
    "a probe of two kinds",
    {
      sidecars: [
        {
          name: "s",
          image: "x",
          startupProbe: { exec: { command: ["a"] }, tcpSocket: { port: 1 } },
        },
      ],
    },
    "sidecars[0].startupProbe",
    /one of/,
  ],
  [
    "a preparation without a program",
    { preparations: [{ name: "p", image: "x", argv: [] }] },
    "preparations[0].argv[0]",
    /a program/,
  ],
  [
    "a preparation with a sidecar's name",
    {
      sidecars: [{ name: "p", image: "x" }],
      preparations: [{ name: "p", image: "x", argv: ["true"] }],
    },
    "preparations[0].name",
    /once/,
  ],
  [
    "a preparation with an unknown volume",
    {
      preparations: [
        { name: "p", image: "x", argv: ["true"], mounts: [{ volume: "v", path: "/v" }] },
      ],
    },
    "preparations[0].mounts[0].volume",
    /one of the run's volumes/,
  ],
  [
    "a preparation with an input, which only the program has",
    { preparations: [{ name: "p", image: "x", argv: ["cat"], stdin: "" }] },
    "preparations[0].stdin",
    /one of the fields/,
  ],
  [
    "a toleration without key",
    { placement: { tolerations: [{ effect: "NoSchedule" }] } },
    "placement.tolerations[0].key",
    /Exists/,
  ],
  [
    "tolerations that are text",
    { placement: { tolerations: "a=b" } },
    "placement.tolerations",
    /a list/,
  ],
  [
    "a spread in capitals",
    {
      placement: {
        topologySpreadConstraints: [
          { maxSkew: 1, topologyKey: "zone", whenUnsatisfiable: "donotschedule" },
        ],
      },
    },
    "placement.topologySpreadConstraints[0].whenUnsatisfiable",
    /DoNotSchedule/,
  ],
  [
    "no nameserver",
    { placement: { dnsPolicy: "None" } },
    "placement.dnsConfig.nameservers",
    /None/,
  ],
  [
    "an alias without address",
    { placement: { hostAliases: [{ ip: "host", hostnames: [] }] } },
    "placement.hostAliases[0].ip",
    /IP/,
  ],
  [
    "In without values",
    {
      placement: {
        affinity: {
          podAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [
              {
                topologyKey: "k",
                labelSelector: { matchExpressions: [{ key: "a", operator: "In" }] },
              },
            ],
          },
        },
      },
    },
    "placement.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].labelSelector.matchExpressions[0].values",
    /at least one/,
  ],
  [
    "an operator named constructor",
    {
      placement: {
        affinity: {
          nodeAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [
              {
                weight: 1,
                preference: { matchExpressions: [{ key: "a", operator: "constructor" }] },
              },
            ],
          },
        },
      },
    },
    "placement.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].preference.matchExpressions[0].operator",
    /one of In/,
  ],
];
