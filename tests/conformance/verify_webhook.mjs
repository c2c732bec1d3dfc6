// Reads {secret, headers, body} and says what the receivers' library makes of it.
import { readFileSync } from "node:fs";
import { Webhook } from "standardwebhooks";

for (const { secret, headers, body } of JSON.parse(readFileSync(0, "utf8"))) {
  try {
    console.log(JSON.stringify(new Webhook(secret).verify(body, headers)));
  } catch (refused) {
    console.log(refused.message);
  }
}
