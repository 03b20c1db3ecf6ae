import { type ChildProcess, spawn } from "node:child_process";

const STARTED = /ACCEPT 127\.0\.0\.1:(\d+)/;
const START_MS = 10_000;

/** `openssl s_server` processes on free loopback ports, ended by their process ids. */
export function createOpensslServers(directory: string) {
  const running: ChildProcess[] = [];
  return {
    /** The port of a server with these arguments and `-www`, unless it is to take early data. */
    async start(...args: string[]): Promise<number> {
      const www = args.includes("-early_data") ? [] : ["-www"];
      const child = spawn("openssl", ["s_server", "-accept", "127.0.0.1:0", ...www, ...args], {
        cwd: directory,
        stdio: ["pipe", "pipe", "pipe"],
      });
      running.push(child);
      let printed = "";
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`not started: ${printed}`)), START_MS);
        const take = (text: Buffer): void => {
          printed += text.toString();
          const port = STARTED.exec(printed)?.[1];
          if (port === undefined) return;
          clearTimeout(timer);
          resolve(Number(port));
        };
        child.stdout?.on("data", take);
        child.stderr?.on("data", take);
        child.on("exit", () => {
          clearTimeout(timer);
          reject(new Error(`openssl s_server ${args.join(" ")} ended: ${printed}`));
        });
      });
    },
    close(): void {
      for (const child of running) child.kill();
    },
  };
}
