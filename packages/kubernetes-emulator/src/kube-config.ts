/**
 * A kubeconfig for a server. Over plain HTTP it says `insecure-skip-tls-verify`, without which
 * client-node 2 refuses to send a token.
 */
export function kubeConfigText(url: string, ca: string | undefined): string {
  const trust =
    ca === undefined
      ? "    insecure-skip-tls-verify: true"
      : `    certificate-authority-data: ${Buffer.from(ca).toString("base64")}`;
  return `apiVersion: v1
kind: Config
current-context: emulator
clusters:
- name: emulator
  cluster:
    server: ${url}
${trust}
contexts:
- name: emulator
  context:
    cluster: emulator
    user: emulator-user
    namespace: default
users:
- name: emulator-user
  user:
    token: emulator-token
`;
}
