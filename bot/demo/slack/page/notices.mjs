// Writes THIRD_PARTY_NOTICES.md: every package whose code is in dist/, with its licence, read from node_modules.
import { build } from "esbuild";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { options } from "./build.mjs";

const here = dirname(fileURLToPath(import.meta.url));

// Code that slack-blocks-to-jsx carries inside its own files; these packages are not in node_modules.
const INSIDE_OTHERS = [
  { name: "@yozora/parser and its tokenizers", version: "2.x, inside slack-blocks-to-jsx", licence: "MIT", text: "licences/yozora.txt" },
  { name: "tailwindcss", version: "3.4, its base styles inside slack-blocks-to-jsx", licence: "MIT", text: "licences/tailwindcss.txt" },
];

// What is shipped as data.
const DATA = [
  { name: "apache-libcloud", version: "3.9.1, its table of EC2 prices", licence: "Apache-2.0", text: "licences/apache-libcloud.txt" },
];

const INTRODUCTION = `# Third-party notices

The page of the local Slack workspace (\`bot/demo/slack/page/dist\`) is bundled from the packages below. It is part of the
demo only. The last one is where the EC2 prices in \`analysis/data/ec2_linux_snapshot.csv.gz\` come from: those of
2025-03-02, repaired by \`analysis/prices/repair.py\`. This file is written by \`bot/demo/slack/page/notices.mjs\`.
`;

async function bundledPackages() {
  const { metafile } = await build({ ...options, metafile: true, write: false });
  const found = Object.keys(metafile.inputs).map((path) => path.match(/.*node_modules\/((?:@[^/]+\/)?[^/]+)\//));
  return [...new Set(found.filter(Boolean).map((match) => match[0]))].sort();
}

function notice(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(here, folder, "package.json"), "utf8"));
  const file = readdirSync(join(here, folder)).find((each) => /^licen[cs]e\b/i.test(each));
  if (!file) throw new Error(`${name} has no licence file; add its text under licences/`);
  return { name, version, licence: license, text: join(folder, file) };
}

function section({ name, version, licence, text }) {
  const lines = readFileSync(join(here, text), "utf8").replaceAll("\r\n", "\n").trim().split("\n");
  const body = lines.map((line) => line.trimEnd()).join("\n");
  return `\n## ${name} (${version})\n\nLicence: ${licence}\n\n\`\`\`text\n${body}\n\`\`\`\n`;
}

const notices = [...(await bundledPackages()).map(notice), ...INSIDE_OTHERS, ...DATA];
writeFileSync(process.argv[2], INTRODUCTION + notices.map(section).join(""));
