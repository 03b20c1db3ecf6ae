import { sha256Hex } from "../../wire/digest.ts";

/**
 * Primes of Diffie-Hellman that many servers share, by SHA-256 of the number in lower-case hex without leading
 * zeros: RFC 2409 section 6, RFC 3526, RFC 5114 section 2, RFC 7919 appendix A, and what software came with
 * (ssl_engine_dh.c of httpd 2.2, ngx_event_openssl.c of nginx 1.10, viosslfactories.c of MariaDB 10.1,
 * s_server.c and ssltest.c of OpenSSL 1.0, sslcontext.cpp of LiteSpeed).
 */
const NAMES: ReadonlyMap<string, string> = new Map([
  [
    "d5858dc6e702ba175bb760349d1752b0afc5d68a4b9fd09d072d7bd2739db35f",
    "RFC 2409 group 1 (Oakley, 768 bits)",
  ],
  [
    "603e8d652764bfa377707d13f16ad17b8c4fddd3c1868413dc1c7ddbae4320d0",
    "RFC 2409 group 2 (Oakley, 1024 bits)",
  ],
  [
    "a7c305a29783f69679719847445687fc14dc831724f3caf9b66de2953d9150e9",
    "RFC 3526 group 5 (1536 bits)",
  ],
  [
    "e71e1291b2af378f8506df9d265b38d687f70a0585053c26b30d1e312df84c09",
    "RFC 3526 group 14 (2048 bits)",
  ],
  [
    "30a45e27c3a0a6f934cd558e88e937625082b19bd435f74f04d7500e5032d88e",
    "RFC 3526 group 15 (3072 bits)",
  ],
  [
    "233836aba654664fc65121b25f1760c0e72456e834bc42315fa21d38ade81cac",
    "RFC 3526 group 16 (4096 bits)",
  ],
  [
    "b84b67a0c9b0d7870cedf59880bed18dff60d4e965fe0f82ee70618861cc0a07",
    "RFC 3526 group 17 (6144 bits)",
  ],
  [
    "a408aa7fd5e69ae6886c3b3fd50051efc417d62cf224cebf8d8aeb49654185ed",
    "RFC 3526 group 18 (8192 bits)",
  ],
  [
    "97ffcd34f14908ca262e5232dcd7c220248d0ba7035c7d58a802d362f895dbf6",
    "RFC 5114 group 22 (1024 bits)",
  ],
  [
    "ba935cb84358e7a2727995196f81ed24476025d446774e8b2959aa6aef10f57c",
    "RFC 5114 group 23 (2048 bits, 224-bit subgroup)",
  ],
  [
    "d32f2a1f1144c13188170b763eedeb1b32dbb768b8bc3ed6534745e3fc6c64f5",
    "RFC 5114 group 24 (2048 bits, 256-bit subgroup)",
  ],
  ["b9fd49b47ad1363ebf1681ab8a5b6c3bb0be15897d0d94aff227ee91b867ab8a", "RFC 7919 ffdhe2048"],
  ["c5288e890a7a8da070e69a9d23fa0e264aeddfaa05e267fbd038c4be1210d6a2", "RFC 7919 ffdhe3072"],
  ["3cb2119eb37a64531e61b96555689035640b6d80145f303d321c1a58ce15e936", "RFC 7919 ffdhe4096"],
  ["0d49e72527f7d91e8a357aa015594fe4f801c88a9123738af0e2ec4a0ad04a8b", "RFC 7919 ffdhe6144"],
  ["461db4b7734852427de4b4289cebd2feb853fa474ea72f9faf84a17fb05e3f0b", "RFC 7919 ffdhe8192"],
  [
    "17d1ede6aaa7a24bee682fffe29a9c2efbd90cb7820bc29b6c39ef11d86fdb78",
    "Apache mod_ssl 2.2, 512 bits",
  ],
  [
    "62ac831c1a3f72de8f11dab345be06bd4acd428b0183582580b0c66e86b51a56",
    "Apache mod_ssl 2.2, 1024 bits",
  ],
  [
    "31bf0509c11613ca7c84f8518f9c70204c1f459d5a23c601072a3cd8d62cb280",
    "nginx before 1.11, 1024 bits",
  ],
  ["e383730fae0db4bc63f99637812b746bb2bdd5304406df9d7399b56b520f9eae", "LiteSpeed, 1024 bits"],
  [
    "3172d6a271618dac9b8bc238c14520e227883907afb9c938db56333e5a8a4d5c",
    "MariaDB and MySQL, 1024 bits",
  ],
  [
    "f9bedcd700fccce21ed28f1a52b29e7a4d0877ccb309b66c3a68063e13e26cf8",
    "OpenSSL s_server, 512 bits",
  ],
  ["91fdfcabf75db27a714542f468cdc21a30d7f2c331cf851470a5af576f9d471d", "OpenSSL ssltest, 512 bits"],
]);

/** The name of a widely shared prime; `undefined` for any other number. */
export function commonPrimeName(prime: Uint8Array): string | undefined {
  const first = prime.findIndex((byte) => byte !== 0);
  const hex = Array.from(prime.subarray(Math.max(0, first)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  );
  return NAMES.get(sha256Hex(hex.join("")));
}
