import { startEmulator } from "@claude-k8s/kubernetes-emulator";

await using emulator = await startEmulator({ seed: 7 });

emulator.program("greeter:1", async (p) => {
  p.stdout.write(`hello ${p.argv[1]}\n`);
  await p.sleep(10);
  return 3;
});

const created = await fetch(`${emulator.url}/apis/batch/v1/namespaces/default/jobs`, {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({
    metadata: { name: "greet" },
    spec: {
      backoffLimit: 0,
      template: {
        spec: {
          restartPolicy: "Never",
          containers: [{ name: "main", image: "greeter:1", command: ["greeter", "world"] }],
        },
      },
    },
  }),
});
console.log(created.status); // 201; emulator.kubeConfig takes any client from here
