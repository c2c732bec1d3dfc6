// Starts Swagger UI on our own document, ready to be filled in, with four things that readers need:
// one blank choice, a result in Markdown shown as a text, the page going to it, and fields named by their question.
const oneBlank = ({ React }) => {
  // Swagger UI puts a blank before the options of its own accord; the one in our schema would be the second.
  const withoutBlank = (path) => (Source) => (props) => {
    const options = props.schema.getIn(path);
    const schema = options ? props.schema.setIn(path, options.filter((option) => option !== "")) : props.schema;
    return React.createElement(Source, { ...props, schema });
  };
  return { wrapComponents: { JsonSchema_string: withoutBlank(["enum"]), JsonSchema_array: withoutBlank(["items", "enum"]) } };
};

const readableResult = ({ React, getComponent }) => ({
  wrapComponents: {
    responseBody: (Source) => (props) => {
      const place = React.useRef(null);
      React.useEffect(() => place.current.scrollIntoView(), [props.content]);
      const source = React.createElement(Source, props);
      const isText = (props.contentType || "").startsWith("text/markdown");
      const Markdown = getComponent("Markdown", true);
      const shown = isText
        ? [
            React.createElement("div", { key: "text", className: "guidance" }, React.createElement(Markdown, { source: props.content })),
            React.createElement("details", { key: "source" }, React.createElement("summary", null, "The same as Markdown, to copy or to download"), source),
          ]
        : source;
      return React.createElement("div", { ref: place }, shown);
    },
  },
});

const nameFields = () => {
  for (const row of document.querySelectorAll("tr[data-property-name]:not([data-named])")) {
    const field = row.querySelector("select, input");
    const question = row.querySelector(".renderedMarkdown strong");
    if (!field || !question) continue;
    field.setAttribute("aria-label", question.textContent);
    row.dataset.named = "";
  }
};
new MutationObserver(nameFields).observe(document.getElementById("swagger-ui"), { childList: true, subtree: true });

window.ui = SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  docExpansion: "list",
  tryItOutEnabled: true,
  defaultModelsExpandDepth: -1,
  displayRequestDuration: false,
  persistAuthorization: false,
  validatorUrl: null,
  plugins: [oneBlank, readableResult],
  // Else it shows application/json as chosen while it accepts anything.
  onComplete: () => window.ui.specActions.changeProducesValue(["/v1/evaluate/form", "post"], "text/markdown"),
});
