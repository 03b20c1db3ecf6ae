import { defineFact } from "../core/fact.ts";
import { type Reading, unknown } from "../core/reading.ts";

/** What runs the audited application. Empty when nothing that runs it was found. */
export interface Services {
  readonly services: readonly Service[];
  /** Compose `ports:` of every service of the project, also of those that are not the application. */
  readonly published: readonly PublishedPort[];
  /** Ports the application is told to bind, from its command line or unit. */
  readonly binds: readonly Bind[];
}

export interface Service {
  readonly kind: "unit" | "compose" | "process";
  /** `monitor.service`, the compose service's name, or the program's name. */
  readonly name: string;
  /** Account it runs as; `root` for a unit without `User=`; absent when not told. */
  readonly user?: string;
  readonly group?: string;
  /** Command line, secrets masked. */
  readonly command: string;
  /** Whether this is the application (not a database, cache or proxy beside it). */
  readonly isApplication: boolean;
  readonly isInContainer: boolean;
  readonly pids: readonly number[];
  readonly file?: string;
  readonly line?: number;
  /** Paste-ready: `systemctl restart monitor`, `docker compose up -d web`. */
  readonly restart: string;
  /** The env files it sources in a shell (`. ./.env && exec gunicorn`), relative where inside. */
  readonly sourcedFiles: readonly string[];
}

export interface PublishedPort {
  readonly service: string;
  readonly isApplication: boolean;
  /** Empty text: every address. */
  readonly address: string;
  readonly hostPort: string;
  readonly containerPort: string;
  readonly protocol: string;
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

export interface Bind {
  readonly service: string;
  /** Address, or empty text for every address; for a socket its path with port 0. */
  readonly address: string;
  readonly port: number;
  readonly isUnixSocket: boolean;
  readonly isInContainer: boolean;
  /** The word it was read from: `--bind 0.0.0.0:8000`. */
  readonly text: string;
  readonly file?: string;
  readonly line?: number;
}

export const services = defineFact({
  id: "services",
  title: "Services that run the application",
  access: "read",
  timeoutMs: 5_000,
  async collect(): Promise<Reading<Services>> {
    return unknown("unsupported", "not written yet");
  },
});
