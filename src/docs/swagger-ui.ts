/** What Swagger UI is given besides the document. */

/** Nothing has links, and a telephone has no room for their column. */
export const CSS = `@media (max-width: 640px) {
  .swagger-ui .responses-table .response-col_links { display: none }
}`;

interface SwaggerUi {
  readonly fn: { getSampleSchema: SampleOf };
}
type SampleOf = (schema: unknown, mediaType: string, options: unknown, example: unknown) => unknown;

/**
 * A plugin that fills NDJSON in as it is. For Swagger UI all with "json" in its name is JSON, and a text put in quotes. It runs in
 * the browser, where its source is sent to: nothing of this module is at hand there.
 */
export function ndjsonAsItIs(): object {
  return {
    afterLoad(this: SwaggerUi) {
      const sampleOf = this.fn.getSampleSchema;
      this.fn.getSampleSchema = (schema, mediaType, options, example) =>
        mediaType === 'application/x-ndjson' && typeof example === 'string'
          ? example
          : sampleOf(schema, mediaType, options, example);
    },
  };
}
