/** The door through which the command line hands over the Python grammar: facts know no files of ours. */
export { providePythonRuntime } from "../parsers/python/runtime.ts";
