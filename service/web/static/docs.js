// Starts Swagger UI on our own document, ready to be filled in.
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
});
