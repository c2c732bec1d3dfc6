// What the calculated items of a questionnaire hold after each response on standard input, worked out by fhirpath.js and by Medplum.
import { createRequire } from "node:module";
import { text } from "node:stream/consumers";
import { evalFhirPathTyped, toTypedValue } from "@medplum/core";

const require = createRequire(import.meta.url);
const fhirpath = require("fhirpath");
const model = require("fhirpath/fhir-context/r4");
const CALCULATED = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression";

function* calculated(items) {
  for (const item of items ?? []) {
    const found = item.extension?.find(({ url }) => url === CALCULATED);
    if (found) yield [item.linkId, found.valueExpression.expression];
    yield* calculated(item.item);
  }
}

const { questionnaire, responses } = JSON.parse(await text(process.stdin));
const expressions = [...calculated(questionnaire.item)];
const worked = responses.map((resource) => {
  const typed = toTypedValue(resource);
  const byFhirpath = expressions.map(([name, told]) => [name, fhirpath.evaluate(resource, told, { resource }, model)[0]]);
  const byMedplum = expressions.map(([name, told]) => [name, evalFhirPathTyped(told, [typed], { "%resource": typed })[0]?.value]);
  return [byFhirpath, byMedplum].map((found) => Object.fromEntries(found.filter(([, value]) => value !== undefined)));
});
console.log(JSON.stringify(worked));
