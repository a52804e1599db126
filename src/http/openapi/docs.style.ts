/** A quiet look for Swagger UI: our name instead of its logo, calmer colours, room for long descriptions. */
export const docsStyle = `
.swagger-ui { font-family: system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; color: #1d2733; }
.swagger-ui .topbar { background: #12343b; padding: 14px 0; }
.swagger-ui .topbar-wrapper .link { visibility: hidden; position: relative; max-width: 320px; }
.swagger-ui .topbar-wrapper .link::after {
  content: "Rollcall"; visibility: visible; position: absolute; left: 0; top: 0;
  color: #fff; font: 600 22px/40px system-ui, sans-serif; letter-spacing: .02em;
}
.swagger-ui .info { margin: 32px 0 24px; }
.swagger-ui .info .title { color: #12343b; }
.swagger-ui .info .description p { max-width: 78ch; line-height: 1.55; margin: 1em 0; }
.swagger-ui .scheme-container { box-shadow: none; border-bottom: 1px solid #dfe6e9; background: transparent; padding: 12px 0; }
.swagger-ui .opblock-tag { font-size: 20px; border-color: #dfe6e9; }
.swagger-ui .opblock-tag small { color: #55636e; }
.swagger-ui .opblock { border-radius: 8px; box-shadow: none; }
.swagger-ui .opblock .opblock-summary-method { border-radius: 6px; min-width: 76px; }
.swagger-ui .btn.authorize { border-color: #1f7a5c; color: #1f7a5c; border-radius: 6px; }
.swagger-ui .btn.authorize svg { fill: #1f7a5c; }
.swagger-ui .btn.execute { background: #1f7a5c; border-color: #1f7a5c; border-radius: 6px; }
`;
