// x509 takes its parts from a container that reads decorators, for which it wants this polyfill first.
// oxlint-disable-next-line import/no-unassigned-import -- a polyfill has no name
import "reflect-metadata";
import {
  BasicConstraintsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
  type X509Certificate,
} from "@peculiar/x509";

/** PEM texts for a server on 127.0.0.1. */
export interface ServerCertificate {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const day = 86_400_000;

/** Makes a certificate authority and a server certificate from it, valid for a day around `now`. */
export async function createCertificate(now: number): Promise<ServerCertificate> {
  const { subtle } = globalThis.crypto;
  const validity = { notBefore: new Date(now - day), notAfter: new Date(now + day) };
  const authorityKeys = await subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const authority: X509Certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: "01",
    name: "CN=kubernetes-emulator-ca",
    ...validity,
    signingAlgorithm: algorithm,
    keys: authorityKeys,
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.digitalSignature, true),
    ],
  });
  const serverKeys = await subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const server = await X509CertificateGenerator.create({
    serialNumber: "02",
    subject: "CN=kubernetes-emulator",
    issuer: authority.subject,
    ...validity,
    signingAlgorithm: algorithm,
    publicKey: serverKeys.publicKey,
    signingKey: authorityKeys.privateKey,
    extensions: [
      new SubjectAlternativeNameExtension([
        { type: "ip", value: "127.0.0.1" },
        { type: "dns", value: "localhost" },
      ]),
    ],
  });
  const key = Buffer.from(await subtle.exportKey("pkcs8", serverKeys.privateKey)).toString(
    "base64",
  );
  return {
    ca: authority.toString("pem"),
    cert: server.toString("pem"),
    key: `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----\n`,
  };
}
