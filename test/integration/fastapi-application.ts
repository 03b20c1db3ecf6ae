import { pythonMissing, type WebApplication } from "./web-deployment.ts";

/* A FastAPI application under gunicorn with a worker of uvicorn; `lines` are added at the end. */

/** Why it cannot run here; in CI an error, as a test nobody runs is none. */
export function fastapiMissing(): string | undefined {
  return pythonMissing(
    "fastapi, uvicorn, itsdangerous, gunicorn",
    "python3-fastapi, python3-uvicorn, python3-itsdangerous, gunicorn",
  );
}

export function fastapiApplication(application: string): WebApplication {
  return {
    files: { "shop/__init__.py": "", "shop/app.py": application, "requirements.txt": "fastapi\n" },
    arguments: ["--worker-class", "uvicorn.workers.UvicornWorker", "shop.app:app"],
  };
}
