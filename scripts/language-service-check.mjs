// One line for each thing that GitHub's language service says about the files.
import { validate } from "@actions/languageservice";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { TextDocument } from "vscode-languageserver-textdocument";

export async function check(paths) {
  const problems = [];
  for (const path of paths) {
    const text = await readFile(path, "utf8");
    const document = TextDocument.create("file://" + resolve(path), "yaml", 0, text);
    for (const { range, message } of await validate(document, {})) {
      problems.push(`${path}:${range.start.line + 1}:${range.start.character + 1} ${message}`);
    }
  }
  return problems;
}
