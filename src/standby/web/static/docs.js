// Shows the API in Swagger UI; a token stays while the page is reloaded.
SwaggerUIBundle({ url: "/api/openapi.json", dom_id: "#api", deepLinking: true, persistAuthorization: true });
