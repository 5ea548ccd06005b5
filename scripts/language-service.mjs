// Ask GitHub's own language service about actions and workflows; exit 1 when it has something to say.
// The packages import JSON without attributes, which node refuses: esbuild bundles them first.
import { build } from "esbuild";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const folder = await mkdtemp(join(tmpdir(), "language-service-"));
try {
  const bundle = join(folder, "check.mjs");
  await build({
    entryPoints: [new URL("language-service-check.mjs", import.meta.url).pathname],
    bundle: true,
    platform: "node",
    format: "esm",
    outfile: bundle,
    logLevel: "error",
    banner: { js: "import { createRequire } from 'module'; const require = createRequire(import.meta.url);" },
  });
  const { check } = await import(pathToFileURL(bundle).href);
  const problems = await check(process.argv.slice(2));
  problems.forEach((problem) => console.log(problem));
  process.exitCode = problems.length ? 1 : 0;
} finally {
  await rm(folder, { recursive: true });
}
