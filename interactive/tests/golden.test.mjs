// node --test: reads the vectors that Python wrote to the file named by GOLDEN.
import assert from "node:assert";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { compare } from "./compare.mjs";

const golden = JSON.parse(readFileSync(process.env.GOLDEN, "utf-8"));
for (const [figure, vectors] of Object.entries(golden)) {
  test(figure, async () => {
    for (const [what, problem] of await compare(figure, vectors)) assert.equal(problem, null, `${what}${problem}`);
  });
}
