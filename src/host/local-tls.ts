import { X509Certificate } from "node:crypto";
import { isIP, type Socket } from "node:net";
import {
  checkServerIdentity,
  connect,
  type PeerCertificate,
  type SecureContext,
  type TLSSocket,
} from "node:tls";
import type { TlsPeer } from "../core/host.ts";
import { HostError } from "../core/reading.ts";
import { describeCertificate } from "./certificate.ts";
import { onAbort } from "./deadline.ts";
import { networkError } from "./dial.ts";
import { errnoOf } from "./file-error.ts";

/**
 * Completes a handshake over `socket`, whatever the certificate. SNI is sent for names only (RFC 6066
 * section 3). Throws `unreachable` with the peer's alert or errno as reason, `malformed` when the peer does not speak TLS.
 */
export function secure(
  socket: Socket,
  host: string,
  context: SecureContext,
  signal: AbortSignal,
  alpn?: readonly string[],
): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const tls = connect({
      socket,
      secureContext: context,
      servername: isIP(host) === 0 ? withoutFinalDot(host) : "",
      rejectUnauthorized: false,
      // Judged by `verdict`, beside the chain: Node would report only the first of the two.
      checkServerIdentity: () => undefined,
      minVersion: "TLSv1",
      ...(alpn !== undefined && { ALPNProtocols: [...alpn] }),
    });
    const stop = onAbort(signal, (reason) => {
      tls.destroy();
      reject(reason);
    });
    tls.on("error", (error) => {
      stop();
      tls.destroy();
      reject(tlsError(error, host));
    });
    const closed = () => {
      stop();
      reject(
        new HostError("unreachable", `${host}: closed during the handshake`, {
          reason: "ECONNRESET",
        }),
      );
    };
    tls.once("close", closed);
    tls.once("secureConnect", () => {
      stop();
      tls.off("close", closed);
      resolve(tls);
    });
  });
}

function tlsError(error: Error, host: string): unknown {
  const reason = errnoOf(error);
  if (reason === undefined || !reason.startsWith("ERR_SSL_")) {
    return networkError(error, `${host}: TLS handshake`);
  }
  const isAlert = reason.includes("ALERT") || reason.includes("UNRECOGNIZED_NAME");
  const word = reason.slice("ERR_SSL_".length).toLowerCase().replaceAll("_", " ");
  return new HostError(isAlert ? "unreachable" : "malformed", `${host}: TLS handshake: ${word}`, {
    reason,
    cause: error,
  });
}

/** Ends the session as the protocol has it (RFC 8446 section 6.1), so that the peer logs no error. */
export function sayGoodbye(tls: TLSSocket): Promise<void> {
  return new Promise((resolve) => {
    tls.once("close", resolve);
    tls.end(resolve);
  });
}

/** What a completed handshake showed. Throws `malformed` when the peer sent no certificate. */
export function describePeer(tls: TLSSocket, host: string, address: string): TlsPeer {
  const peer = tls.getPeerCertificate();
  if (peer.raw === undefined) {
    throw new HostError("malformed", `${host}: no certificate`, { reason: "NO_CERTIFICATE" });
  }
  const error = verdict(tls, host, peer);
  return {
    address,
    protocol: tls.getProtocol() ?? "",
    verified: error === undefined,
    ...(error === undefined ? {} : { error }),
    ...(tls.alpnProtocol ? { alpn: tls.alpnProtocol } : {}),
    ...describeCertificate(new X509Certificate(peer.raw)),
  };
}

/**
 * Whether chain and name verify; with the verifier's code where not. The certificate is asked for once, as making
 * Node's object of it costs as much as the handshake; `getPeerX509Certificate` would cost less, and leaves the
 * connection without its certificate (seen in Node 24.21).
 */
export function judgePeer(
  tls: TLSSocket,
  host: string,
): { readonly isVerified: boolean; readonly error?: string } {
  const peer = tls.getPeerCertificate();
  const error = peer.raw === undefined ? "NO_CERTIFICATE" : verdict(tls, host, peer);
  return error === undefined ? { isVerified: true } : { isVerified: false, error };
}

/** The chain's error, else the name's. The subject's common name is not a host name (RFC 9525 section 6.3). */
function verdict(tls: TLSSocket, host: string, peer: PeerCertificate): string | undefined {
  const chain: unknown = tls.authorizationError;
  if (chain) return chain instanceof Error ? (errnoOf(chain) ?? chain.message) : String(chain);
  if (!tls.authorized) return "UNVERIFIED";
  const mismatch = peer.subjectaltname && checkServerIdentity(withoutFinalDot(host), peer);
  if (peer.subjectaltname && mismatch === undefined) return undefined;
  return "ERR_TLS_CERT_ALTNAME_INVALID";
}

function withoutFinalDot(host: string): string {
  return host.endsWith(".") ? host.slice(0, -1) : host;
}
